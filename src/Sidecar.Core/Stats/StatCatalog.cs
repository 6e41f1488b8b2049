using System;
using System.Collections.Generic;

namespace Sidecar.Core.Stats;

/// <summary>
/// The readable side of the <see cref="StatStore"/>: merged values, names split into families and tags, sorted orders. Names are split
/// once an instance, orders sorted once a change of instances. Thread: main.
/// </summary>
/// <remarks>
/// A stat counts as used from the first time main sees it other than zero (at a flush or a scrape); a gauge that rose and fell in between
/// is not seen. Worker threads keep no such bit: it would be a second write on every increment.
/// </remarks>
public sealed class StatCatalog
{
    private readonly StatsOptions _options;
    private readonly Dictionary<(string Name, StatKind Kind), StatFamily> _families = [];
    private readonly List<StatFamily> _sortedFamilies = [];
    private readonly long[] _totals = new long[Histogram.BucketCount];
    private StatLine[] _sortedLines = [];
    private int _valueLines;
    private long _sortedVersion = -1;

    public StatCatalog(StatStore store, StatsOptions options)
    {
        Store = store;
        _options = options;
    }

    public StatStore Store { get; }

    /// <summary>Counters and gauges that exist, sorted by name.</summary>
    public ReadOnlySpan<StatLine> Values
    {
        get
        {
            Sort();
            return _sortedLines.AsSpan(0, _valueLines);
        }
    }

    /// <summary>Histograms that exist, sorted by name.</summary>
    public ReadOnlySpan<StatLine> Histograms
    {
        get
        {
            Sort();
            return _sortedLines.AsSpan(_valueLines);
        }
    }

    /// <summary>Families by kind (counters, gauges, histograms), then name.</summary>
    internal List<StatFamily> Families
    {
        get
        {
            Sort();
            return _sortedFamilies;
        }
    }

    /// <summary>The merged value of a counter (since the last reset) or gauge.</summary>
    public long Value(StatLine line)
    {
        long sum = Store.Sum(line.Instance, line.Offset);
        StatInstanceView view = line.Instance.View!;
        if (sum != 0)
        {
            view.MarkUsed(line.Offset);
        }

        return sum - view.Baseline(line.Offset);
    }

    /// <summary>True when the stat was seen other than zero at least once.</summary>
    public bool IsUsed(StatLine line)
    {
        if (line.Instance.View!.IsUsed(line.Offset))
        {
            return true;
        }

        if (line.Kind != StatKind.Histogram)
        {
            _ = Value(line);
        }
        else if (HasSamples(line))
        {
            line.Instance.View.MarkUsed(line.Offset);
        }

        return line.Instance.View.IsUsed(line.Offset);
    }

    /// <summary>True when the stat is to be listed: those made on first use only once they were used.</summary>
    public bool IsListed(StatLine line, bool usedOnly) => (!usedOnly && !line.Definition.Lazy) || IsUsed(line);

    /// <summary>The distribution since the start, as of now.</summary>
    public HistogramStatistics Cumulative(StatLine line)
    {
        long sum = MergeHistogram(line);
        return HistogramStatistics.Compute(_totals, sum, line.Definition.Unit, _options.Buckets.For(line.Name));
    }

    /// <summary>The distribution of the last whole flush interval.</summary>
    public HistogramStatistics Interval(StatLine line) =>
        line.Instance.View!.Histogram(line.Offset)?.Interval ?? HistogramStatistics.Empty;

    /// <summary>The filled buckets since the start, as of now.</summary>
    public HistogramBucket[] CumulativeBuckets(StatLine line)
    {
        MergeHistogram(line);
        return Describe(line, HistogramStatistics.FilledBuckets(_totals));
    }

    /// <summary>The filled buckets of the last whole flush interval.</summary>
    public HistogramBucket[] IntervalBuckets(StatLine line) =>
        Describe(line, line.Instance.View!.Histogram(line.Offset)?.IntervalBuckets ?? []);

    /// <summary>The bounds of a histogram's Prometheus buckets.</summary>
    public double[] Bounds(StatLine line) => _options.Buckets.For(line.Name);

    /// <summary>Sets all counters to zero for display (<c>/reset_counters</c>); what sinks are sent is not affected.</summary>
    public void ResetCounters()
    {
        foreach (StatLine line in Values)
        {
            if (line.Kind == StatKind.Counter)
            {
                _ = Value(line);
                line.Instance.View!.SetBaseline(line.Offset, Store.Sum(line.Instance, line.Offset));
            }
        }
    }

    /// <summary>Ends an interval of every histogram that has samples.</summary>
    internal void FlushHistograms()
    {
        foreach (StatLine line in Histograms)
        {
            if (HasSamples(line))
            {
                line.Instance.View!.MarkUsed(line.Offset);
                long sum = MergeHistogram(line);
                line.Instance.View.OpenHistogram(line.Offset).Flush(_totals, sum, line.Definition.Unit, Bounds(line));
            }
        }
    }

    private static HistogramBucket[] Describe(StatLine line, (int Bucket, long Count)[] filled)
    {
        double scale = line.Definition.Unit == StatUnit.Percent ? 1.0 / HistogramStatistics.PercentScale : 1;
        return Array.ConvertAll(
            filled, b => new HistogramBucket(Histogram.LowerBound(b.Bucket) * scale, Histogram.Width(b.Bucket) * scale, b.Count));
    }

    private bool HasSamples(StatLine line)
    {
        foreach (StatSheet sheet in Store.Sheets)
        {
            if (sheet.HistogramAt(line.Instance.Range.Start + line.Offset) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Fills <c>_totals</c>; returns the sum of the samples.</summary>
    private long MergeHistogram(StatLine line)
    {
        Array.Clear(_totals);
        long sum = 0;
        foreach (StatSheet sheet in Store.Sheets)
        {
            if (sheet.HistogramAt(line.Instance.Range.Start + line.Offset) is { } histogram)
            {
                histogram.AddTo(_totals);
                sum += histogram.Sum;
            }
        }

        return sum;
    }

    private void Sort()
    {
        if (_sortedVersion == Store.Version)
        {
            return;
        }

        foreach (StatFamily family in _families.Values)
        {
            family.Members.Clear();
        }

        List<StatLine> values = [];
        List<StatLine> histograms = [];
        foreach (StatStore.Instance instance in Store.Instances)
        {
            instance.View ??= Describe(instance);
            AddLines(instance, values, histograms);
        }

        values.Sort(StatLine.CompareNames);
        histograms.Sort(StatLine.CompareNames);
        _sortedLines = [.. values, .. histograms];
        _valueLines = values.Count;
        SortFamilies();
        _sortedVersion = Store.Version;
    }

    private static void AddLines(StatStore.Instance instance, List<StatLine> values, List<StatLine> histograms)
    {
        StatInstanceView.Line[] lines = instance.View!.Lines;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Family is not { } family)
            {
                continue;
            }

            var line = new StatLine(instance, i);
            (family.Kind == StatKind.Histogram ? histograms : values).Add(line);
        }
    }

    /// <summary>The lines come in order of their names, so each family's do too. Families that lost their last member go.</summary>
    private void SortFamilies()
    {
        foreach (StatLine line in _sortedLines)
        {
            line.Family.Members.Add(line);
        }

        _sortedFamilies.Clear();
        foreach (((string Name, StatKind Kind) key, StatFamily family) in _families)
        {
            if (family.Members.Count == 0)
            {
                _families.Remove(key);
            }
            else
            {
                _sortedFamilies.Add(family);
            }
        }

        _sortedFamilies.Sort(static (a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Name, b.Name));
    }

    private StatInstanceView Describe(StatStore.Instance instance)
    {
        var lines = new StatInstanceView.Line[instance.Table.Count];
        var labels = new Dictionary<string, StatLabels>(StringComparer.Ordinal);
        var tags = new List<StatTag>();
        for (int i = 0; i < lines.Length; i++)
        {
            var line = new StatLine(instance, i);
            string name = line.Name;
            if (_options.Matcher.Rejects(name))
            {
                continue;
            }

            tags.Clear();
            string familyName = _options.Tags.Extract(name, tags);
            string text = StatLabels.Format(tags);
            if (!labels.TryGetValue(text, out StatLabels? shared))
            {
                shared = new StatLabels(tags, text);
                labels.Add(text, shared);
            }

            lines[i] = new StatInstanceView.Line(Family(familyName, line.Kind), shared);
        }

        return new StatInstanceView(lines);
    }

    private StatFamily Family(string name, StatKind kind)
    {
        if (!_families.TryGetValue((name, kind), out StatFamily? family))
        {
            family = new StatFamily(name, kind);
            _families.Add((name, kind), family);
        }

        return family;
    }
}
