"""The benchmarks behind `make bench`: one file each, its budget beside it."""
