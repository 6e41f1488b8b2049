using System;
using System.Collections.Generic;

namespace Sidecar.Core.Stats;

/// <summary>
/// The names and ranges of all stats, and the sheets of all threads. A table is registered under a scope (its name's prefix); the
/// same table under the same scope is one instance, counted by reference. Thread: main.
/// </summary>
public sealed class StatStore
{
    private readonly List<StatSheet> _sheets = [];
    private readonly Dictionary<(string Scope, StatTable Table), Instance> _instances = [];
    private readonly Dictionary<int, Stack<StatRange>> _freeByLength = [];
    private readonly Dictionary<StatDefinition, StatTable> _singleTables = [];
    private int _next;

    /// <summary>Registered instances, in no order.</summary>
    public IReadOnlyCollection<Instance> Instances => _instances.Values;

    public IReadOnlyList<StatSheet> Sheets => _sheets;

    /// <summary>Changes whenever an instance comes or goes, so that readers know when to sort again.</summary>
    public long Version { get; private set; }

    /// <summary>Slots taken so far, free ones included.</summary>
    public int AllocatedSlots => _next;

    /// <summary>Adds a thread's sheet; before the thread starts.</summary>
    public StatSheet CreateSheet(string owner)
    {
        var sheet = new StatSheet(owner);
        _sheets.Add(sheet);
        return sheet;
    }

    /// <summary>
    /// The instance of a table under a scope such as <c>cluster.backend.</c> (with its final dot; empty for the root). Each call takes a
    /// reference.
    /// </summary>
    public Instance Register(string scope, StatTable table)
    {
        if (!_instances.TryGetValue((scope, table), out Instance? instance))
        {
            instance = new Instance(scope, table, Allocate(table.Count));
            _instances.Add((scope, table), instance);
            Version++;
        }

        instance.References++;
        return instance;
    }

    /// <summary>
    /// A single stat whose name is known only from configuration (a policy's or a virtual cluster's); its offset is 0. The same scope and
    /// definition are one instance.
    /// </summary>
    public Instance Register(string scope, in StatDefinition definition)
    {
        if (!_singleTables.TryGetValue(definition, out StatTable? table))
        {
            table = new StatTable(definition.Name, definition);
            _singleTables.Add(definition, table);
        }

        return Register(scope, table);
    }

    /// <summary>
    /// Drops a reference; the last one removes the names. True when it was the last: after the grace period the caller posts
    /// <see cref="StatSheet.Clear(Instance)"/> to every thread, and when all have run, calls <see cref="Recycle"/>.
    /// </summary>
    public bool Release(Instance instance)
    {
        if (--instance.References > 0)
        {
            return false;
        }

        _instances.Remove((instance.Scope, instance.Table));
        Version++;
        return true;
    }

    /// <summary>Makes a cleared range available again; when no thread counts into it any more.</summary>
    public void Recycle(StatRange range)
    {
        if (!_freeByLength.TryGetValue(range.Length, out Stack<StatRange>? free))
        {
            free = new Stack<StatRange>();
            _freeByLength.Add(range.Length, free);
        }

        free.Push(range);
    }

    /// <summary>
    /// Slots without names, which no listing shows; their owner prints them itself (the hosts in <c>/clusters</c>). Given back by
    /// <see cref="Recycle"/>.
    /// </summary>
    public StatRange Reserve(int length) => Allocate(length);

    /// <summary>The merged value of a counter or gauge.</summary>
    public long Sum(Instance instance, int offset) => Sum(instance.Range, offset);

    /// <summary>The merged value of a slot.</summary>
    public long Sum(StatRange range, int offset)
    {
        long sum = 0;
        foreach (StatSheet sheet in _sheets)
        {
            sum += sheet.Read(range.Start + offset);
        }

        return sum;
    }

    private StatRange Allocate(int length)
    {
        if (_freeByLength.TryGetValue(length, out Stack<StatRange>? free) && free.Count > 0)
        {
            return free.Pop();
        }

        if (_next + length > StatSheet.Capacity)
        {
            throw new InvalidOperationException("stats: no slots left");
        }

        var range = new StatRange(_next, length);
        _next += length;
        return range;
    }

    /// <summary>A table under a scope. Thread: main; the range may be read anywhere.</summary>
    public sealed class Instance
    {
        internal Instance(string scope, StatTable table, StatRange range)
        {
            Scope = scope;
            Table = table;
            Range = range;
        }

        /// <summary>Prefix of every name, with its final dot.</summary>
        public string Scope { get; }

        public StatTable Table { get; }

        public StatRange Range { get; }

        internal int References { get; set; }

        /// <summary>What main keeps about the lines for display; made when first shown.</summary>
        internal StatInstanceView? View { get; set; }
    }
}
