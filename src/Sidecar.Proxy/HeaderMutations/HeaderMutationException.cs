using System;

namespace Sidecar.Proxy.HeaderMutations;

/// <summary>A header that configuration may not change. Thrown on the main thread only.</summary>
public sealed class HeaderMutationException : Exception
{
    public HeaderMutationException(string message)
        : base(message)
    {
    }
}
