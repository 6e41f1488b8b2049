// One test lowers the process's limit of descriptors, others count allocations: they run one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
