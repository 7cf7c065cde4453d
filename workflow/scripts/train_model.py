"""Train the network of one experiment."""

import numpy as np
from peaks2motifs.dataset import read_split
from peaks2motifs.joblog import joblog
from peaks2motifs.tables import write_tsv


def train_model(
    dataset: str,
    model_file: str,
    history: str,
    architecture: dict,
    training: dict,
    seed: int,
    threads: int,
) -> None:
    """Build the network, train it on `train`, stop it by `valid`; save it and its history.

    `architecture` holds the arguments of `architectures.scan` but the length, `training` those of
    `training.train` but data and seed.
    """
    # Imported here, that what TensorFlow prints then goes to the log.
    from peaks2motifs.architectures import scan
    from peaks2motifs.training import make_deterministic, save_model, train

    make_deterministic(seed, threads)
    splits = [read_split(dataset, split)[:2] for split in ("train", "valid")]
    model = scan(splits[0][0].shape[1], **architecture)
    model.summary()
    table = train(model, *splits, seed=seed, **training)
    best = table.loc[np.argmin(table["val_loss"])]
    print(f"best epoch {best['epoch']:.0f} of {len(table)}: val_loss {best['val_loss']:.4f}")
    write_tsv(table, history)
    save_model(model, model_file)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        train_model(
            dataset=snakemake.input.dataset,
            model_file=snakemake.output.model,
            history=snakemake.output.history,
            architecture=snakemake.params.architecture,
            training=snakemake.params.training,
            seed=snakemake.params.seed,
            threads=snakemake.params.threads,
        )
