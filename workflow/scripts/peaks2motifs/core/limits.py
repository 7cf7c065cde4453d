"""Every number of ours that several places use or show, defined once.

A page, a table and a methods paragraph must state the number that was used.
"""

MIN_P = 1e-300  # p-values are never below this; pages print it as "≤ 10⁻³⁰⁰"
MAX_Q = 0.05  # a q-value below this is significant
MAX_P = MAX_Q  # a p-value below this is significant where it is not one of many
MIN_STANDARD_ERRORS = 1.645  # by which an AUROC must exceed 0.5: one-sided 95 % of a normal
LOSS_ERRORS = 1  # standard errors by which a loss of AUROC must exceed 0, else it is no loss
MIN_NETWORKS = 2  # that must have learned a supported family (one, if only one was trained)
MAX_NAME_Q = 0.05  # the largest q-value of a match that is shown as a name
# The empirical FDR is a rough number for one family, so its limit is wide: it only keeps out names
# that chance explains.
MAX_NAME_FDR = 0.25
MIN_OTHERS = 10  # windows at the peaks of other experiments, in each split, to learn from them
MIN_OTHERS_SHARE = 0.2  # of such windows to peaks, in each split
MIN_WINDOWS = 5  # of each class in each split: fewer cannot be judged
MAX_BACKGROUND_HITS = 0.05  # share of background windows that a motif of a database may hit
MAX_SCANNED_TEST = 5000  # test windows of each class that are scanned for known motifs
MAX_SCANNED_TRAINING = 1000  # training windows of each class, for the same
BETTER_ERRORS = 1  # standard errors by which a known motif's AUROC must exceed that of family F1
MIN_ENRICHMENT = 2  # times as frequent in peaks as in background, to be shared or co-bound
MAX_LISTED_P = 1e-3  # of the pairs of similar motifs that similarity.tsv lists
MAX_TREE_LOG_P = 8  # the -log10 p at which the distance of two motifs in the tree is 0
HELD_OUT = 0.15  # share of the peaks in each of the splits valid and test, if chosen by us
CALIBRATION_BINS = 10  # of the score, between 0 and 1
HISTOGRAM_BINS = 41  # of the positions in a window; odd, so that one is central
KMER_WIDTH, KMER_BASES = 7, 6  # the longest gapped k-mer; the bases in it that count
MAX_KMER_P = 0.01  # Tomtom's p-value at which a family shows a k-mer of the score
MIN_KMER_OVERLAP = 0.6  # of the k-mer and the family's motif, whichever is shorter
MIN_KMER_SHARE = 0.01  # of the score of the k-mers, for a k-mer to be shown on a page
MAX_KMER_ROWS = 8  # k-mers that a page shows
BEST_POSITIONS = 100  # the sites of the rule eugene
KOO_WIDTH = 20  # bp, of the sites of the rule koo
RAW_WORDS = 100  # the best words of a kernel, which give its matrix under the rule raw
