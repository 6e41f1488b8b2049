using System;
using System.Collections.Generic;

namespace Sidecar.Proxy.Routing;

/// <summary>A route table that cannot be built: every problem that was found, with its place. Thrown on the main thread only.</summary>
public sealed class RouteConfigException : Exception
{
    public RouteConfigException(IReadOnlyList<string> errors)
        : base(string.Join("; ", errors)) => Errors = errors;

    public IReadOnlyList<string> Errors { get; }
}
