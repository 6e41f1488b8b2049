using System;

namespace Sidecar.Proxy.Routing;

/// <summary>A fixed answer. Immutable; thread: any.</summary>
public sealed class DirectResponseAction
{
    internal DirectResponseAction(DirectResponseActionConfig config)
    {
        Status = config.Status;
        Body = config.Body;
    }

    public int Status { get; }

    /// <summary>May be empty.</summary>
    public ReadOnlyMemory<byte> Body { get; }
}
