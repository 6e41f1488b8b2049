using System;
using System.Collections.Generic;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>
/// Finds the virtual host of an authority: exact domain, then the longest suffix wildcard, then the longest prefix wildcard, then
/// <c>*</c>. Immutable; thread: any.
/// </summary>
internal sealed class DomainTable
{
    private const int StackBytes = 128;

    private readonly ByteTable<VirtualHostModel>? _exact;
    private readonly ByteTable<VirtualHostModel>? _suffixes;
    private readonly ByteTable<VirtualHostModel>? _prefixes;
    private readonly int[] _suffixLengths;
    private readonly int[] _prefixLengths;
    private readonly VirtualHostModel? _any;
    private readonly bool _ignorePort;

    private DomainTable(Builder builder, bool ignorePort)
    {
        _exact = Table(builder.Exact);
        _suffixes = Table(builder.Suffixes);
        _prefixes = Table(builder.Prefixes);
        _suffixLengths = Lengths(builder.Suffixes);
        _prefixLengths = Lengths(builder.Prefixes);
        _any = builder.Any;
        _ignorePort = ignorePort;
    }

    /// <summary>The virtual host, or null. An empty authority has none.</summary>
    public VirtualHostModel? Find(ReadOnlySpan<byte> authority)
    {
        if (authority.IsEmpty)
        {
            return null;
        }

        if (_exact is null && _suffixes is null && _prefixes is null)
        {
            return _any;
        }

        if (_ignorePort)
        {
            authority = WithoutPort(authority);
        }

        Span<byte> room = authority.Length <= StackBytes ? stackalloc byte[StackBytes] : TextBuffer.Scratch.Reserve(authority.Length);
        Span<byte> host = room[..authority.Length];
        AsciiText.ToLower(authority, host);
        return _exact?.Find(host) ?? FindSuffix(host) ?? FindPrefix(host) ?? _any;
    }

    private VirtualHostModel? FindSuffix(ReadOnlySpan<byte> host)
    {
        foreach (int length in _suffixLengths)
        {
            // The wildcard stands for at least one character: *.foo is not .foo.
            if (length < host.Length && _suffixes!.Find(host[^length..]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private VirtualHostModel? FindPrefix(ReadOnlySpan<byte> host)
    {
        foreach (int length in _prefixLengths)
        {
            if (length < host.Length && _prefixes!.Find(host[..length]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> authority)
    {
        int colon = authority.LastIndexOf((byte)':');
        return colon < 0 || authority[colon..].IndexOf((byte)']') >= 0 ? authority : authority[..colon];
    }

    private static ByteTable<VirtualHostModel>? Table(Dictionary<string, VirtualHostModel> entries) =>
        entries.Count == 0 ? null : new ByteTable<VirtualHostModel>(entries, AsciiText.LowerBytes);

    private static int[] Lengths(Dictionary<string, VirtualHostModel> entries)
    {
        var lengths = new SortedSet<int>();
        foreach (string key in entries.Keys)
        {
            lengths.Add(-AsciiText.LowerBytes(key).Length);
        }

        return Array.ConvertAll([.. lengths], static l => -l);
    }

    /// <summary>Collects domains. Main thread.</summary>
    internal sealed class Builder
    {
        public Dictionary<string, VirtualHostModel> Exact { get; } = [];

        public Dictionary<string, VirtualHostModel> Suffixes { get; } = [];

        public Dictionary<string, VirtualHostModel> Prefixes { get; } = [];

        public VirtualHostModel? Any { get; private set; }

        /// <summary>Null, or why the domain cannot be added.</summary>
        public string? TryAdd(string domain, VirtualHostModel virtualHost, string routeName)
        {
            string lower = domain.ToLowerInvariant();
            if (lower == "*")
            {
                if (Any is not null)
                {
                    return $"Only a single wildcard domain is permitted in route {routeName}";
                }

                Any = virtualHost;
                return null;
            }

            bool added = lower.StartsWith('*') ? Suffixes.TryAdd(lower[1..], virtualHost)
                : lower.EndsWith('*') ? Prefixes.TryAdd(lower[..^1], virtualHost)
                : Exact.TryAdd(lower, virtualHost);
            return added ? null : $"Only unique values for domains are permitted. Duplicate entry of domain {lower} in route {routeName}";
        }

        public DomainTable Build(bool ignorePort) => new(this, ignorePort);
    }
}
