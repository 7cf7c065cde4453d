# After a run that failed: the index of what is finished, with what failed on top.


def list_failures(logs):
    """Write the index if it was asked for, as rule write_index does; the next run writes it anew.

    All that Snakemake tells this handler is its own log.
    """
    index = rules.write_index
    outputs = {str(path) for job in workflow.dag.jobs for path in job.output}
    if not logs or str(index.output) not in outputs:
        return
    open_library("list_failures.py")
    import list_failures

    pending = {str(path) for job in workflow.dag.needrun_jobs() for path in job.output}
    list_failures.list_failures(logs[0], index.input, index.params, str(index.output), pending)


onerror:
    list_failures(log)
