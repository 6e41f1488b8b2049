using System.Collections.Generic;
using Sidecar.Core.Errors;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;
using Sidecar.Proxy.Tests.Substitution;

namespace Sidecar.Proxy.Tests.AccessLog;

public class AccessLogFilterTests
{
    private static readonly AccessLogFilterConfig s_yes = new AccessLogFilterConfig.StatusCode(ComparisonOp.Eq, 503);
    private static readonly AccessLogFilterConfig s_no = new AccessLogFilterConfig.StatusCode(ComparisonOp.Eq, 200);

    public static TheoryData<AccessLogFilterConfig, bool> Cases => new()
    {
        { s_yes, true },
        { s_no, false },
        { new AccessLogFilterConfig.StatusCode(ComparisonOp.Ge, 500), true },
        { new AccessLogFilterConfig.StatusCode(ComparisonOp.Le, 500), false },
        { new AccessLogFilterConfig.StatusCode(ComparisonOp.Ne, 503), false },
        { new AccessLogFilterConfig.Duration(ComparisonOp.Ge, 50), true },
        { new AccessLogFilterConfig.Duration(ComparisonOp.Ge, 51), false },
        { new AccessLogFilterConfig.NotHealthCheck(), true },
        { new AccessLogFilterConfig.Traceable(), false },
        { new AccessLogFilterConfig.And([s_yes, s_yes]), true },
        { new AccessLogFilterConfig.And([s_yes, s_no]), false },
        { new AccessLogFilterConfig.Or([s_no, s_yes]), true },
        { new AccessLogFilterConfig.Or([s_no, s_no]), false },
        { new AccessLogFilterConfig.Header(new HeaderMatcherConfig { Name = "user-agent" }), true },
        { new AccessLogFilterConfig.Header(new HeaderMatcherConfig { Name = "x-none" }), false },
        { new AccessLogFilterConfig.ResponseFlag(ResponseFlags.NoHealthyUpstream | ResponseFlags.NoRouteFound), true },
        { new AccessLogFilterConfig.ResponseFlag(ResponseFlags.NoRouteFound), false },
        { new AccessLogFilterConfig.ResponseFlag(ResponseFlags.None), true },
        { new AccessLogFilterConfig.GrpcStatus([14], Exclude: false), true },
        { new AccessLogFilterConfig.GrpcStatus([14], Exclude: true), false },
        { new AccessLogFilterConfig.LogType([AccessLogType.DownstreamEnd], Exclude: false), true },
        { new AccessLogFilterConfig.LogType([AccessLogType.DownstreamEnd], Exclude: true), false },
        { Metadata("k", "v", true), true },
        { Metadata("k", "w", true), false },
        { Metadata("none", "w", true), true },
        { Metadata("none", "w", false), false },
        { new AccessLogFilterConfig.Runtime(new RuntimeFraction(new FractionalPercent(0, 100)), true), false },
        { new AccessLogFilterConfig.Runtime(new RuntimeFraction(FractionalPercent.Always), true), true },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Evaluate_Filter_Decides(AccessLogFilterConfig config, bool expected)
    {
        FormatContext context = SubstitutionFormatTests.Context();

        Assert.Equal(expected, AccessLogFilter.Create(config).Evaluate(in context));
    }

    [Theory]
    [InlineData("00000063-0000-4000-8000-000000000000", false)]
    [InlineData("00000064-0000-4000-8000-000000000000", true)]
    public void Evaluate_Runtime_RequestIdDecides(string requestId, bool expected)
    {
        AccessLogFilter filter = AccessLogFilter.Create(
            new AccessLogFilterConfig.Runtime(new RuntimeFraction(new FractionalPercent(50, 100)), UseIndependentRandomness: false));
        var context = new FormatContext(new StreamInfo(), TestHeaders.Of(("x-request-id", requestId)));

        Assert.Equal(expected, filter.Evaluate(in context));
    }

    private static AccessLogFilterConfig.Metadata Metadata(string key, string value, bool matchIfKeyNotFound) => new(
        new MetadataMatcherConfig
        {
            Filter = "f",
            Path = new List<string> { key },
            Value = new ValueMatcherConfig { Kind = ValueMatchKind.String, StringMatch = new() { Kind = StringMatchKind.Exact, Value = value } },
        },
        matchIfKeyNotFound);
}
