using System.Collections.Generic;

namespace Sidecar.Core.Stats;

/// <summary>Takes a snapshot at every flush interval (statsd, OpenTelemetry, ...). Thread: main.</summary>
public abstract class StatsSink
{
    /// <summary>The snapshot is valid during the call.</summary>
    public abstract void OnFlush(StatSnapshot snapshot);
}

/// <summary>A counter at a flush.</summary>
/// <param name="Value">Since the process started; not affected by <c>/reset_counters</c>.</param>
/// <param name="Delta">Since the last flush.</param>
public readonly record struct CounterSample(StatLine Line, long Value, long Delta);

/// <summary>A gauge at a flush.</summary>
public readonly record struct GaugeSample(StatLine Line, long Value);

/// <summary>A histogram at a flush.</summary>
public readonly record struct HistogramSample(StatLine Line, HistogramStatistics Interval, HistogramStatistics Cumulative);

/// <summary>The used stats of all threads at one flush, sorted by name. Thread: main; reused by the next flush.</summary>
public sealed class StatSnapshot
{
    private readonly List<CounterSample> _counters = [];
    private readonly List<GaugeSample> _gauges = [];
    private readonly List<HistogramSample> _histograms = [];

    public IReadOnlyList<CounterSample> Counters => _counters;

    public IReadOnlyList<GaugeSample> Gauges => _gauges;

    public IReadOnlyList<HistogramSample> Histograms => _histograms;

    internal void Fill(StatCatalog catalog)
    {
        _counters.Clear();
        _gauges.Clear();
        _histograms.Clear();
        foreach (StatLine line in catalog.Values)
        {
            if (!catalog.IsUsed(line))
            {
                continue;
            }

            long value = catalog.Store.Sum(line.Instance, line.Offset);
            if (line.Kind == StatKind.Gauge)
            {
                _gauges.Add(new GaugeSample(line, value));
            }
            else
            {
                _counters.Add(new CounterSample(line, value, line.Instance.View!.ExchangeFlushed(line.Offset, value)));
            }
        }

        foreach (StatLine line in catalog.Histograms)
        {
            if (catalog.IsUsed(line))
            {
                _histograms.Add(new HistogramSample(line, catalog.Interval(line), catalog.Cumulative(line)));
            }
        }
    }
}

/// <summary>
/// Ends the interval of all stats every <c>stats_flush_interval</c> and tells the sinks; whoever owns the timer calls
/// <see cref="Flush"/>. Without sinks only used bits and histogram intervals are brought up to date. Thread: main.
/// </summary>
public sealed class StatsFlusher
{
    private readonly StatCatalog _catalog;
    private readonly List<StatsSink> _sinks = [];
    private readonly StatSnapshot _snapshot = new();

    public StatsFlusher(StatCatalog catalog) => _catalog = catalog;

    public void AddSink(StatsSink sink) => _sinks.Add(sink);

    /// <summary>Ends the interval.</summary>
    public void Flush()
    {
        _catalog.FlushHistograms();
        if (_sinks.Count == 0)
        {
            foreach (StatLine line in _catalog.Values)
            {
                _ = _catalog.IsUsed(line);
            }

            return;
        }

        _snapshot.Fill(_catalog);
        foreach (StatsSink sink in _sinks)
        {
            sink.OnFlush(_snapshot);
        }
    }
}
