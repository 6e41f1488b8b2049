using System;
using System.Buffers.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>One compiled route: its conditions and the entry, or with weighted clusters the entries, that it leads to. Immutable; thread: any.</summary>
internal sealed class RouteModel
{
    private readonly RouteEntry[] _entries;
    private readonly ulong[] _cumulativeWeights;
    private readonly HeaderName? _randomHeader;

    public RouteModel(RouteMatcher match, RouteEntry entry)
        : this(match, [entry], [], null)
    {
    }

    /// <param name="match">The conditions.</param>
    /// <param name="entries">One per weighted cluster.</param>
    /// <param name="cumulativeWeights">The sum of the weights up to each entry.</param>
    /// <param name="randomHeader">The request header whose number replaces the random one.</param>
    public RouteModel(RouteMatcher match, RouteEntry[] entries, ulong[] cumulativeWeights, HeaderName? randomHeader)
    {
        Match = match;
        _entries = entries;
        _cumulativeWeights = cumulativeWeights;
        _randomHeader = randomHeader;
    }

    public RouteMatcher Match { get; }

    public RouteEntry Select(HeaderMap headers, ulong random)
    {
        if (_cumulativeWeights.Length == 0)
        {
            return _entries[0];
        }

        if (_randomHeader is not null && _randomHeader.TryGet(headers, out ReadOnlySpan<byte> text)
            && Utf8Parser.TryParse(text, out ulong given, out int used) && used == text.Length)
        {
            random = given;
        }

        ulong point = random % _cumulativeWeights[^1];
        int chosen = 0;
        while (_cumulativeWeights[chosen] <= point)
        {
            chosen++;
        }

        return _entries[chosen];
    }
}
