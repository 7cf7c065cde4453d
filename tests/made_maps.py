"""Hand-made activation maps, and what a rule finds in them."""

import numpy as np
from peaks2motifs.core.sequences import encode
from peaks2motifs.motifs.activation_maps import Map
from peaks2motifs.motifs.published_rules import Options, apply_rule, published_limits
from peaks2motifs.motifs.rule_results import RuleResult

OPTIONS = Options(seed=1)


def maps_of(*strands, padded=0, rows=2):
    """What makes the maps of values (n, P, K), of one or both strands, `rows` windows at a time."""
    values = [np.array(strand, np.float32) for strand in strands]
    positions = np.arange(values[0].shape[1])

    def maps():
        for first in range(0, len(values[0]), rows):
            for reverse, strand in enumerate(values):
                place = positions[::-1] if reverse else positions - padded
                yield Map(first, 0, reverse == 1, place, strand[first : first + rows])

    return maps


def use(rule, sequences, *strands, width, label=None, padded=0, options=OPTIONS, rows=2):
    """Apply a rule to maps of one kernel, given as lists (n, P) for each strand."""
    strands = [np.array(strand)[..., None] for strand in strands]
    maps = maps_of(*strands, padded=padded, rows=rows)
    label = np.ones(len(sequences)) if label is None else np.array(label)
    fields = apply_rule(rule, maps, encode(sequences), label, np.array([width], np.int16), options)
    return result_of(rule, fields)


def result_of(rule, fields):
    """What find_sites writes of these fields."""
    kernel = np.array([f"k{number:03d}" for number in range(len(fields["width"]))])
    more = {"background": np.full(4, 0.25), "flank": 0, "counted": True, "summit_window": 200}
    return RuleResult(kernel=kernel, limits=published_limits(rule), **fields, **more)
