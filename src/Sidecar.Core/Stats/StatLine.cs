using System;

namespace Sidecar.Core.Stats;

/// <summary>One stat: a line of a table under a scope. Valid while the instance is registered. Thread: main.</summary>
public readonly struct StatLine
{
    internal StatLine(StatStore.Instance instance, int offset)
    {
        Instance = instance;
        Offset = offset;
    }

    public StatStore.Instance Instance { get; }

    public int Offset { get; }

    public StatDefinition Definition => Instance.Table.Definitions[Offset];

    public StatKind Kind => Definition.Kind;

    /// <summary>The full name, e.g. <c>cluster.backend.upstream_rq_total</c>; a new string.</summary>
    public string Name => Instance.Scope + Definition.Name;

    /// <summary>Characters of the full name.</summary>
    public int NameLength => Instance.Scope.Length + Definition.Name.Length;

    public StatFamily Family => Instance.View!.Lines[Offset].Family!;

    public StatLabels Labels => Instance.View!.Lines[Offset].Labels;

    /// <summary>Writes the full name without making a string.</summary>
    public void CopyName(Span<char> destination)
    {
        Instance.Scope.CopyTo(destination);
        Definition.Name.CopyTo(destination[Instance.Scope.Length..]);
    }

    /// <summary>Orders by full name, without making it.</summary>
    internal static int CompareNames(StatLine a, StatLine b)
    {
        if (ReferenceEquals(a.Instance, b.Instance))
        {
            return string.CompareOrdinal(a.Definition.Name, b.Definition.Name);
        }

        ReadOnlySpan<char> scopeA = a.Instance.Scope;
        ReadOnlySpan<char> scopeB = b.Instance.Scope;
        int common = Math.Min(scopeA.Length, scopeB.Length);
        int order = scopeA[..common].SequenceCompareTo(scopeB[..common]);
        return order != 0 ? order : CompareTails(scopeA[common..], a.Definition.Name, scopeB[common..], b.Definition.Name);
    }

    /// <summary>One of the two scopes is used up: its name is compared with what is left of the other and its name.</summary>
    private static int CompareTails(ReadOnlySpan<char> scopeA, ReadOnlySpan<char> nameA, ReadOnlySpan<char> scopeB, ReadOnlySpan<char> nameB)
    {
        if (scopeA.IsEmpty)
        {
            int common = Math.Min(nameA.Length, scopeB.Length);
            int order = nameA[..common].SequenceCompareTo(scopeB[..common]);
            return order != 0 ? order : nameA.Length < scopeB.Length ? -1 : nameA[common..].SequenceCompareTo(nameB);
        }

        return -CompareTails(scopeB, nameB, scopeA, nameA);
    }
}
