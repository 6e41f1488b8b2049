using System;
using System.Collections.Generic;

namespace Sidecar.Core.Stats;

/// <summary>What a stat's slot means, and how it is merged and printed.</summary>
public enum StatKind : byte
{
    /// <summary>Only grows; the sum over threads.</summary>
    Counter,

    /// <summary>Goes up and down; the sum over threads.</summary>
    Gauge,

    /// <summary>A distribution; the slot holds the thread's histogram handle.</summary>
    Histogram,
}

/// <summary>What unit a histogram records.</summary>
public enum StatUnit : byte
{
    None = 0,
    Milliseconds,
    Microseconds,
    Bytes,
    Percent,
}

/// <summary>One line of a <see cref="StatTable"/>.</summary>
/// <param name="Name">Envoy's name below the scope, e.g. <c>upstream_rq_total</c>.</param>
/// <param name="Lazy">Shown only once it was touched, as stats that Envoy creates on first use (<c>upstream_rq_503</c>).</param>
public readonly record struct StatDefinition(string Name, StatKind Kind, StatUnit Unit = StatUnit.None, bool Lazy = false);

/// <summary>
/// The stats that one module increments, in slot order; declared once, statically, by that module. Its instances (one a cluster, one a
/// listener, ...) are ranges of slots. Immutable; thread: any.
/// </summary>
public sealed class StatTable
{
    private readonly StatDefinition[] _definitions;

    public StatTable(string name, params StatDefinition[] definitions)
    {
        Name = name;
        _definitions = definitions;
    }

    /// <summary>A name for docs and tests, e.g. <c>cluster</c>.</summary>
    public string Name { get; }

    public IReadOnlyList<StatDefinition> Definitions => _definitions;

    public int Count => _definitions.Length;

    public static StatDefinition Counter(string name, bool lazy = false) => new(name, StatKind.Counter, Lazy: lazy);

    public static StatDefinition Gauge(string name, bool lazy = false) => new(name, StatKind.Gauge, Lazy: lazy);

    public static StatDefinition Histogram(string name, StatUnit unit, bool lazy = false) => new(name, StatKind.Histogram, unit, lazy);

    /// <summary>
    /// Checks that the table's lines stand in the order of an enum's members; used by each module's static constructor test.
    /// </summary>
    public bool Matches(ReadOnlySpan<string> names)
    {
        if (names.Length != _definitions.Length)
        {
            return false;
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (_definitions[i].Name != names[i])
            {
                return false;
            }
        }

        return true;
    }
}
