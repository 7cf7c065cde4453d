"""Full references of the methods, by short names."""

# ruff: noqa: E501 (a reference is one line)

import re
from collections.abc import Sequence

CITATIONS = {
    "adam": "Kingma DP, Ba J. Adam: a method for stochastic optimization. 3rd International Conference on Learning Representations (2015). arXiv:1412.6980",
    "altschul": "Altschul SF, Erickson BW. Significance of nucleotide sequence alignments: a method for random sequence permutation that preserves dinucleotide and codon usage. Mol Biol Evol 2, 526–538 (1985).",
    "basset": "Kelley DR, Snoek J, Rinn JL. Basset: learning the regulatory code of the accessible genome with deep convolutional neural networks. Genome Res 26, 990–999 (2016). doi:10.1101/gr.200535.115",
    "bedtools": "Quinlan AR, Hall IM. BEDTools: a flexible suite of utilities for comparing genomic features. Bioinformatics 26, 841–842 (2010). doi:10.1093/bioinformatics/btq033",
    "benjamini": "Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach to multiple testing. J R Stat Soc B 57, 289–300 (1995). doi:10.1111/j.2517-6161.1995.tb02031.x",
    "danq": "Quang D, Xie X. DanQ: a hybrid convolutional and recurrent deep neural network for quantifying the function of DNA sequences. Nucleic Acids Res 44, e107 (2016). doi:10.1093/nar/gkw226",
    "delong": "DeLong ER, DeLong DM, Clarke-Pearson DL. Comparing the areas under two or more correlated receiver operating characteristic curves: a nonparametric approach. Biometrics 44, 837–845 (1988). doi:10.2307/2531595",
    "eugene": "Klie A, Laub D, Talwar JV, et al. Predictive analyses of regulatory sequences with EUGENe. Nat Comput Sci 3, 946–956 (2023). doi:10.1038/s43588-023-00544-w",
    "factornet": "Quang D, Xie X. FactorNet: a deep learning framework for predicting cell type specific transcription factor binding from nucleotide-resolution sequential data. Methods 166, 40–47 (2019). doi:10.1016/j.ymeth.2019.03.020",
    "gkm": "Ghandi M, Lee D, Mohammad-Noori M, Beer MA. Enhanced regulatory sequence prediction using gapped k-mer features. PLoS Comput Biol 10, e1003711 (2014). doi:10.1371/journal.pcbi.1003711",
    "integrated_gradients": "Sundararajan M, Taly A, Yan Q. Axiomatic attribution for deep networks. 34th International Conference on Machine Learning (2017). arXiv:1703.01365",
    "JASPAR2020": "Fornes O, Castro-Mondragon JA, Khan A, et al. JASPAR 2020: update of the open-access database of transcription factor binding profiles. Nucleic Acids Res 48, D87–D92 (2020). doi:10.1093/nar/gkz1001",
    "JASPAR2022": "Castro-Mondragon JA, Riudavets-Puig R, Rauluseviciute I, et al. JASPAR 2022: the 9th release of the open-access database of transcription factor binding profiles. Nucleic Acids Res 50, D165–D173 (2022). doi:10.1093/nar/gkab1113",
    "JASPAR2024": "Rauluseviciute I, Riudavets-Puig R, Blanc-Mathieu R, et al. JASPAR 2024: 20th anniversary of the open-access database of transcription factor binding profiles. Nucleic Acids Res 52, D174–D182 (2024). doi:10.1093/nar/gkad1059",
    "JASPAR2026": "Ovek Baydar D, Rauluseviciute I, Aronsen DR, et al. JASPAR 2026: expansion of transcription factor binding profiles and integration of deep learning models. Nucleic Acids Res 54, D184–D193 (2026). doi:10.1093/nar/gkaf1209",
    "jax": "Bradbury J, Frostig R, Hawkins P, et al. JAX: composable transformations of Python+NumPy programs (2018). github.com/jax-ml/jax",
    "keras": "Chollet F, et al. Keras (2015). keras.io",
    "koo": "Koo PK, Ploenzke M. Improving representations of genomic sequence motifs in convolutional networks with exponential activations. Nat Mach Intell 3, 258–266 (2021). doi:10.1038/s42256-020-00291-x",
    "modisco": "Shrikumar A, Tian K, Avsec Ž, et al. Technical note on Transcription Factor Motif Discovery from Importance Scores (TF-MoDISco) version 0.5.6.5 (2018). arXiv:1811.00416",
    "primer": "Zou J, Huss M, Abid A, Mohammadi P, Torkamani A, Telenti A. A primer on deep learning in genomics. Nat Genet 51, 12–18 (2019). doi:10.1038/s41588-018-0295-5",
    "pybedtools": "Dale RK, Pedersen BS, Quinlan AR. Pybedtools: a flexible Python library for manipulating genomic datasets and annotations. Bioinformatics 27, 3423–3424 (2011). doi:10.1093/bioinformatics/btr539",
    "pyfaidx": "Shirley MD, Ma Z, Pedersen BS, Wheelan SJ. Efficient “pythonic” access to FASTA files using pyfaidx. PeerJ PrePrints 3, e970v1 (2015). doi:10.7287/peerj.preprints.970v1",
    "pysster": "Budach S, Marsico A. pysster: classification of biological sequences by learning sequence and structure motifs with convolutional neural networks. Bioinformatics 34, 3035–3037 (2018). doi:10.1093/bioinformatics/bty222",
    "saliency": "Simonyan K, Vedaldi A, Zisserman A. Deep inside convolutional networks: visualising image classification models and saliency maps (2013). arXiv:1312.6034",
    "snakemake": "Mölder F, Jablonski KP, Letcher B, et al. Sustainable data analysis with Snakemake. F1000Research 10, 33 (2021). doi:10.12688/f1000research.29032.2",
    "tensorflow": "Abadi M, Barham P, Chen J, et al. TensorFlow: a system for large-scale machine learning. 12th USENIX Symposium on Operating Systems Design and Implementation, 265–283 (2016).",
    "tomtom": "Gupta S, Stamatoyannopoulos JA, Bailey TL, Noble WS. Quantifying similarity between motifs. Genome Biol 8, R24 (2007). doi:10.1186/gb-2007-8-2-r24",
    "tomtom_lite": "Schreiber J. tomtom-lite: accelerating Tomtom enables large-scale and real-time motif similarity scoring. bioRxiv (2025). doi:10.1101/2025.05.27.656386",
    "torch": "Paszke A, Gross S, Massa F, et al. PyTorch: an imperative style, high-performance deep learning library. Advances in Neural Information Processing Systems 32 (2019). arXiv:1912.01703",
}  # fmt: skip
# A mark lies between two NULs. No path can hold one, and all other names are known ones.
_MARK = re.compile(r"\0([^\0]+)\0")


def cite(*names: str) -> str:
    """Mark a citation, for `number_citations`; raise KeyError for a name not in `CITATIONS`."""
    for name in names:
        CITATIONS[name]
    return f"\0{','.join(names)}\0"


def number_citations(paragraphs: Sequence[str]) -> tuple[list[str], list[str]]:
    """Number the citations of a text, marked by `cite`, in the order of first mention.

    Returns the paragraphs with numbers, as in [1, 2], and the numbered references.
    """
    numbers: dict[str, int] = {}

    def replace_names(mark: re.Match) -> str:
        cited = [numbers.setdefault(name, len(numbers) + 1) for name in mark[1].split(",")]
        return f"[{', '.join(map(str, cited))}]"

    numbered = [_MARK.sub(replace_names, text) for text in paragraphs]
    return numbered, [f"{number}. {CITATIONS[name]}" for name, number in numbers.items()]
