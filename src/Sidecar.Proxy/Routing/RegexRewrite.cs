using System;
using System.Text;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>A compiled <c>RegexMatchAndSubstitute</c>. Immutable; thread: any.</summary>
public sealed class RegexRewrite
{
    private readonly RegexMatcher _regex;
    private readonly byte[] _substitution;

    /// <exception cref="Matching.Regex.RegexSyntaxException">The regex is malformed, or the substitution names a group that it lacks.</exception>
    public RegexRewrite(RegexRewriteConfig config)
    {
        _regex = RegexMatcher.Create(config.Pattern);
        _substitution = Encoding.UTF8.GetBytes(config.Substitution);
        if (_regex.CheckRewrite(config.Substitution) is { } problem)
        {
            throw new Matching.Regex.RegexSyntaxException(problem);
        }
    }

    /// <summary>Writes the text with every match replaced; false when nothing matched.</summary>
    public bool Apply(ReadOnlySpan<byte> text, TextBuffer output) => _regex.Replace(text, _substitution, output);
}
