"""Train the model of one experiment."""

from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.model.backend import start_keras


def train_model(
    dataset: str,
    model_file: str,
    history: str,
    architecture: dict,
    optimizer: dict,
    training: dict,
    loss: str,
    keras: dict,
    seed: int,
) -> None:
    """Train a network with `training.fit_dataset`; save the model and its history.

    `keras` holds the arguments of `backend.start_keras` except the seed.
    """
    settings = start_keras(seed=seed, **keras)
    # Keras must be imported after the backend is chosen; what it prints then goes to the log.
    from peaks2motifs.model.training import describe_training, fit_dataset, save_model

    model, table = fit_dataset(dataset, architecture, optimizer, training, loss, seed)
    write_tsv(table, history)
    save_model(model, model_file, settings | describe_training(model))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        train_model(
            dataset=snakemake.input.dataset,
            model_file=snakemake.output.model,
            history=snakemake.output.history,
            architecture=snakemake.params.architecture,
            optimizer=snakemake.params.optimizer,
            training=snakemake.params.training,
            loss=snakemake.params.loss,
            keras=snakemake.params.keras,
            seed=snakemake.params.seed,
        )
