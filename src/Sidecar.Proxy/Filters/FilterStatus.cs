namespace Sidecar.Proxy.Filters;

/// <summary>What a filter wants after it has seen a message's head.</summary>
public enum FilterHeadersStatus : byte
{
    /// <summary>Go on with the next filter.</summary>
    Continue = 0,

    /// <summary>
    /// Hold the head. Body and trailers that arrive still come to this filter, which decides about them on its own; go on with
    /// <c>ContinueDecoding</c> or <c>ContinueEncoding</c>.
    /// </summary>
    StopIteration,

    /// <summary>
    /// Hold the head and whatever follows: this filter sees nothing more until it continues. What is held is bounded: over the limit
    /// the request is answered 413, a response becomes a 500.
    /// </summary>
    StopAllIterationAndBuffer,

    /// <summary>The same, but over the limit the peer is slowed down instead.</summary>
    StopAllIterationAndWatermark,
}

/// <summary>What a filter wants after it has seen a piece of a body.</summary>
public enum FilterDataStatus : byte
{
    /// <summary>Pass it on; a head that this filter held goes first.</summary>
    Continue = 0,

    /// <summary>Keep it for this filter and call again with all of it when more comes; 413 or 500 over the limit.</summary>
    StopIterationAndBuffer,

    /// <summary>The same, but over the limit the peer is slowed down.</summary>
    StopIterationAndWatermark,

    /// <summary>The filter has taken it; nothing goes on.</summary>
    StopIterationNoBuffer,
}

/// <summary>What a filter wants after it has seen trailers.</summary>
public enum FilterTrailersStatus : byte
{
    Continue = 0,

    /// <summary>Hold the end of the message until the filter continues.</summary>
    StopIteration,
}
