"""Networks: built, trained, applied to windows, evaluated and explained."""
