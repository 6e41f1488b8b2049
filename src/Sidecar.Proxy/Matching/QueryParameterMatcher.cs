using System;
using System.Text;

namespace Sidecar.Proxy.Matching;

/// <summary>Envoy's <c>QueryParameterMatcher</c>: a string match, or mere presence when there is none.</summary>
public sealed record QueryParameterMatcherConfig
{
    public required string Name { get; init; }

    public StringMatcherConfig? StringMatch { get; init; }

    /// <summary><c>present_match</c>, when there is no string match.</summary>
    public bool Present { get; init; } = true;
}

/// <summary>A compiled query-parameter matcher. Immutable; thread: any.</summary>
public sealed class QueryParameterMatcher
{
    private readonly byte[] _name;
    private readonly StringMatcher? _string;
    private readonly bool _present;

    /// <exception cref="Regex.RegexSyntaxException">The regex is malformed.</exception>
    public QueryParameterMatcher(QueryParameterMatcherConfig config)
    {
        _name = Encoding.UTF8.GetBytes(config.Name);
        _string = config.StringMatch is null ? null : new StringMatcher(config.StringMatch);
        _present = config.Present;
    }

    /// <param name="path">The whole <c>:path</c>.</param>
    public bool IsMatch(ReadOnlySpan<byte> path)
    {
        bool found = QueryParameters.TryGet(path, _name, out ReadOnlySpan<byte> value);
        return _string is null ? found == _present : found && _string.IsMatch(value);
    }
}
