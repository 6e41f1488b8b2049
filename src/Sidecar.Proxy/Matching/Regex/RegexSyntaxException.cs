using System;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>A pattern that RE2 would refuse, or that needs more memory than a pattern may have. Thrown on the main thread only.</summary>
public sealed class RegexSyntaxException : Exception
{
    public RegexSyntaxException(string message)
        : base(message)
    {
    }
}
