using System.Collections.Generic;
using Sidecar.Core.Errors;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.AccessLog;

/// <summary>How a number is compared; names are Envoy's.</summary>
public enum ComparisonOp : byte
{
    Eq = 0,
    Ge,
    Le,
    Ne,
}

/// <summary>Envoy's <c>AccessLogFilter</c>, validated: one of the records below.</summary>
public abstract record AccessLogFilterConfig
{
    /// <param name="Op">How to compare.</param>
    /// <param name="Value">The default of the runtime key.</param>
    public sealed record StatusCode(ComparisonOp Op, uint Value) : AccessLogFilterConfig;

    public sealed record Duration(ComparisonOp Op, long Milliseconds) : AccessLogFilterConfig;

    public sealed record NotHealthCheck : AccessLogFilterConfig;

    public sealed record Traceable : AccessLogFilterConfig;

    /// <param name="Fraction">Which share is logged.</param>
    /// <param name="UseIndependentRandomness">Not by the request id.</param>
    public sealed record Runtime(RuntimeFraction Fraction, bool UseIndependentRandomness) : AccessLogFilterConfig;

    public sealed record And(IReadOnlyList<AccessLogFilterConfig> Filters) : AccessLogFilterConfig;

    public sealed record Or(IReadOnlyList<AccessLogFilterConfig> Filters) : AccessLogFilterConfig;

    public sealed record Header(HeaderMatcherConfig Matcher) : AccessLogFilterConfig;

    /// <param name="Flags">Any of these; none means any flag at all.</param>
    public sealed record ResponseFlag(ResponseFlags Flags) : AccessLogFilterConfig;

    /// <param name="Statuses">gRPC status numbers.</param>
    /// <param name="Exclude">All but these.</param>
    public sealed record GrpcStatus(IReadOnlyList<int> Statuses, bool Exclude) : AccessLogFilterConfig;

    /// <param name="Matcher">Null matches everything that has the key.</param>
    /// <param name="MatchIfKeyNotFound">The answer when the path is missing.</param>
    public sealed record Metadata(MetadataMatcherConfig? Matcher, bool MatchIfKeyNotFound) : AccessLogFilterConfig;

    public sealed record LogType(IReadOnlyList<AccessLogType> Types, bool Exclude) : AccessLogFilterConfig;
}
