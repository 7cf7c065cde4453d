"""What every other room needs: logs of jobs, tables, sequences as numbers, statistics."""
