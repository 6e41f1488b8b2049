using System;

namespace Sidecar.Proxy.Substitution;

/// <summary>A format string that cannot be compiled; the message names the operator. Thrown on the main thread only.</summary>
public sealed class SubstitutionFormatException : Exception
{
    public SubstitutionFormatException(string message)
        : base(message)
    {
    }
}
