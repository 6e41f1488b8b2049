using Sidecar.Http.Headers;
using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.Tests.Routing;

public class TimeoutTests
{
    private static readonly (string, string) s_grpc = ("content-type", "application/grpc");

    [Fact]
    public void Resolve_NoHeaders_RoutesTimeoutIsToldUpstream()
    {
        HeaderMap request = TestHeaders.Request("/");

        EffectiveTimeouts timeouts = Resolve(new RouteActionConfig { Cluster = "c" }, request);

        Assert.Equal(15_000, timeouts.GlobalMs);
        Assert.Equal("15000", request.Text("x-envoy-expected-rq-timeout-ms"));
    }

    [Fact]
    public void Resolve_Headers_OverrideAndAreTakenOut()
    {
        HeaderMap request = TestHeaders.Request("/", "a",
            ("x-envoy-upstream-rq-timeout-ms", "500"), ("x-envoy-upstream-rq-per-try-timeout-ms", "200"), ("x-envoy-hedge-on-per-try-timeout", "true"));

        EffectiveTimeouts timeouts = Resolve(new RouteActionConfig { Cluster = "c" }, request);

        Assert.Equal((500L, 200L, true), (timeouts.GlobalMs, timeouts.PerTryMs, timeouts.HedgeOnPerTryTimeout));
        Assert.Null(request.Text("x-envoy-upstream-rq-timeout-ms"));
        Assert.Null(request.Text("x-envoy-upstream-rq-per-try-timeout-ms"));
        Assert.Null(request.Text("x-envoy-hedge-on-per-try-timeout"));
        Assert.Equal("500", request.Text("x-envoy-expected-rq-timeout-ms"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("")]
    public void Resolve_HeaderIsNoNumber_RouteDecides(string value)
    {
        HeaderMap request = TestHeaders.Request("/", "a", ("x-envoy-upstream-rq-timeout-ms", value));

        Assert.Equal(15_000, Resolve(new RouteActionConfig { Cluster = "c" }, request).GlobalMs);
    }

    [Fact]
    public void Resolve_PerTryNotBelowGlobal_Ignored()
    {
        var action = new RouteActionConfig { Cluster = "c", TimeoutMs = 100, RetryPolicy = new RetryPolicyConfig { PerTryTimeoutMs = 100 } };

        Assert.Equal(0, Resolve(action, TestHeaders.Request("/")).PerTryMs);
    }

    [Fact]
    public void Resolve_RespectExpected_EarlierProxysTimeoutCounts()
    {
        HeaderMap request = TestHeaders.Request("/", "a", ("x-envoy-expected-rq-timeout-ms", "42"), ("x-envoy-upstream-rq-timeout-ms", "500"));

        EffectiveTimeouts timeouts = EffectiveTimeouts.Resolve(
            Forward(new RouteActionConfig { Cluster = "c" }), request, respectExpectedTimeout: true, insertExpectedTimeout: false);

        Assert.Equal(42, timeouts.GlobalMs);
    }

    [Theory]
    [InlineData("2S", 10_000L, null, 2000)]
    [InlineData("2S", 1000L, null, 1000)]
    [InlineData("2S", 0L, null, 2000)]
    [InlineData("2S", 10_000L, 500L, 1500)]
    [InlineData("2S", 10_000L, 2000L, 2000)]
    [InlineData(null, 10_000L, null, 10_000)]
    [InlineData("1500u", 10_000L, null, 2)]
    [InlineData("5x", 10_000L, null, 10_000)]
    public void Resolve_MaxGrpcTimeout_HeaderWithinBounds(string? header, long maximumMs, long? offsetMs, long expectedMs)
    {
        HeaderMap request = header is null ? TestHeaders.Request("/", "a", s_grpc) : TestHeaders.Request("/", "a", s_grpc, ("grpc-timeout", header));
        var action = new RouteActionConfig { Cluster = "c", MaxGrpcTimeoutMs = maximumMs, GrpcTimeoutOffsetMs = offsetMs };

        Assert.Equal(expectedMs, Resolve(action, request).GlobalMs);
        Assert.Equal($"{expectedMs}m", request.Text("grpc-timeout"));
    }

    [Theory]
    [InlineData(null, 5000)]
    [InlineData("1S", 900)]
    [InlineData("1M", 2900)]
    public void StreamDurationMs_GrpcHeaderWithinBounds_ElseRoutes(string? header, long expectedMs)
    {
        var action = new RouteActionConfig { Cluster = "c", MaxStreamDuration = new MaxStreamDurationConfig(5000, 3000, 100) };
        HeaderMap request = header is null ? TestHeaders.Request("/") : TestHeaders.Request("/", "a", ("grpc-timeout", header));

        Assert.Equal(expectedMs, Forward(action).Timeouts.StreamDurationMs(request, connectionManagerMs: 60_000));
    }

    [Fact]
    public void StreamDurationMs_NotConfigured_ConnectionManagers()
    {
        Assert.Equal(60_000, Forward(new RouteActionConfig { Cluster = "c" }).Timeouts.StreamDurationMs(TestHeaders.Request("/"), 60_000));
    }

    [Theory]
    [InlineData(0, "100")]
    [InlineData(60, "40")]
    [InlineData(100, "1")]
    public void TellUpstream_LaterAttempt_TimeLeft(long elapsedMs, string expected)
    {
        ForwardAction forward = Forward(new RouteActionConfig { Cluster = "c", TimeoutMs = 100 });
        HeaderMap request = TestHeaders.Request("/");
        EffectiveTimeouts timeouts = EffectiveTimeouts.Resolve(forward, request, false, true);

        timeouts.TellUpstream(forward, request, elapsedMs, insertExpectedTimeout: true);

        Assert.Equal(expected, request.Text("x-envoy-expected-rq-timeout-ms"));
    }

    private static EffectiveTimeouts Resolve(RouteActionConfig action, HeaderMap request) =>
        EffectiveTimeouts.Resolve(Forward(action), request, respectExpectedTimeout: false, insertExpectedTimeout: true);

    private static ForwardAction Forward(RouteActionConfig action) =>
        TestTables.Of(new RouteConfig { Match = new RouteMatchConfig { Path = "/" }, Route = action }).Find(TestHeaders.Request("/"))!.Forward!;
}
