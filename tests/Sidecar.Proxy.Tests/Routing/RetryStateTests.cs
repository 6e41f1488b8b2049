using System;
using System.Text;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.Tests.Routing;

public class RetryStateTests
{
    [Theory]
    [InlineData("5xx", 500, true)]
    [InlineData("5xx", 404, false)]
    [InlineData("gateway-error", 503, true)]
    [InlineData("gateway-error", 500, false)]
    [InlineData("retriable-4xx", 409, true)]
    [InlineData("retriable-4xx", 404, false)]
    [InlineData("retriable-status-codes", 418, true)]
    [InlineData("retriable-status-codes", 419, false)]
    [InlineData("connect-failure", 503, false)]
    [InlineData("", 503, false)]
    public void ShouldRetryHeaders_Status_ByCondition(string retryOn, int status, bool expected)
    {
        RetryState state = Begin(new RetryPolicyConfig { RetryOn = retryOn, RetriableStatusCodes = [418] });

        Assert.Equal(expected, state.ShouldRetryHeaders(Response(status), 0) == RetryDecision.Yes);
    }

    [Theory]
    [InlineData("cancelled", 1, true)]
    [InlineData("deadline-exceeded", 4, true)]
    [InlineData("resource-exhausted", 8, true)]
    [InlineData("internal", 13, true)]
    [InlineData("unavailable", 14, true)]
    [InlineData("unavailable", 13, false)]
    public void ShouldRetryHeaders_GrpcStatus_ByCondition(string retryOn, int grpcStatus, bool expected)
    {
        RetryState state = Begin(new RetryPolicyConfig { RetryOn = retryOn });

        Assert.Equal(expected, state.ShouldRetryHeaders(Response(200, ("grpc-status", grpcStatus.ToString())), 0) == RetryDecision.Yes);
    }

    [Theory]
    [InlineData("connect-failure", StreamResetReason.ConnectionFailure, false, true)]
    [InlineData("connect-failure", StreamResetReason.ConnectionTimeout, false, true)]
    [InlineData("connect-failure", StreamResetReason.RemoteReset, true, false)]
    [InlineData("refused-stream", StreamResetReason.RemoteRefusedStreamReset, true, true)]
    [InlineData("refused-stream", StreamResetReason.RemoteReset, true, false)]
    [InlineData("reset", StreamResetReason.ConnectionTermination, true, true)]
    [InlineData("reset-before-request", StreamResetReason.RemoteReset, false, true)]
    [InlineData("reset-before-request", StreamResetReason.RemoteReset, true, false)]
    [InlineData("5xx", StreamResetReason.RemoteReset, true, true)]
    [InlineData("gateway-error", StreamResetReason.ConnectionFailure, false, true)]
    [InlineData("5xx,reset", StreamResetReason.Overflow, false, false)]
    [InlineData("5xx,reset", StreamResetReason.OverloadManager, false, false)]
    public void ShouldRetryReset_Reason_ByCondition(string retryOn, StreamResetReason reason, bool requestSent, bool expected)
    {
        RetryState state = Begin(new RetryPolicyConfig { RetryOn = retryOn });

        Assert.Equal(expected, state.ShouldRetryReset(reason, requestSent) == RetryDecision.Yes);
    }

    [Fact]
    public void ShouldRetryHeaders_AttemptsUsedUp_LimitExceeded()
    {
        RetryState state = Begin(new RetryPolicyConfig { RetryOn = "5xx", NumRetries = 2 });

        Assert.Equal(RetryDecision.Yes, state.ShouldRetryHeaders(Response(503), 0));
        Assert.Equal(RetryDecision.Yes, state.ShouldRetryHeaders(Response(503), 0));
        Assert.Equal(RetryDecision.NoRetryLimitExceeded, state.ShouldRetryHeaders(Response(503), 0));
        Assert.Equal(RetryDecision.No, state.ShouldRetryHeaders(Response(200), 0));
    }

    [Theory]
    [InlineData("5xx", false)]
    [InlineData("envoy-ratelimited", true)]
    public void ShouldRetryHeaders_RateLimited_OnlyByItsOwnCondition(string retryOn, bool expected)
    {
        RetryState state = Begin(new RetryPolicyConfig { RetryOn = retryOn });

        Assert.Equal(expected, state.ShouldRetryHeaders(Response(503, ("x-envoy-ratelimited", "true")), 0) == RetryDecision.Yes);
    }

    [Fact]
    public void ShouldRetryHeaders_Overloaded_Never()
    {
        RetryState state = Begin(new RetryPolicyConfig { RetryOn = "5xx" });

        Assert.Equal(RetryDecision.No, state.ShouldRetryHeaders(Response(503, ("x-envoy-overloaded", "true")), 0));
    }

    [Fact]
    public void Begin_RequestHeaders_AddToThePolicyAndAreTakenOut()
    {
        HeaderMap request = TestHeaders.Request("/", "a",
            ("x-envoy-retry-on", "retriable-status-codes, retriable-headers"),
            ("x-envoy-retry-grpc-on", "internal"),
            ("x-envoy-max-retries", "3"),
            ("x-envoy-retriable-status-codes", "418,429"),
            ("x-envoy-retriable-header-names", "X-Again"));
        RetryState state = Begin(new RetryPolicyConfig(), request);

        Assert.Equal(3u, state.RetriesRemaining);
        Assert.Equal(RetryDecision.Yes, state.ShouldRetryHeaders(Response(429), 0));
        Assert.Equal(RetryDecision.Yes, state.ShouldRetryHeaders(Response(200, ("x-again", "")), 0));
        Assert.Equal(RetryDecision.Yes, state.ShouldRetryHeaders(Response(200, ("grpc-status", "13")), 0));
        Assert.Equal(4, request.Count);
    }

    [Fact]
    public void Begin_RetriableRequestHeadersDoNotMatch_Disabled()
    {
        var policy = new RetryPolicyConfig { RetryOn = "5xx", RetriableRequestHeaders = [new HeaderMatcherConfig { Name = "x-idempotent" }] };

        Assert.False(Begin(policy).IsEnabled);
        Assert.True(Begin(policy, TestHeaders.Request("/", "a", ("x-idempotent", "1"))).IsEnabled);
    }

    [Fact]
    public void NextBackOffMs_FullJitter_BoundDoublesUpToTenTimesTheBase()
    {
        RetryState state = Begin(new RetryPolicyConfig { RetryOn = "5xx" });
        long[] bounds = [25, 50, 100, 200, 250, 250];

        foreach (long bound in bounds)
        {
            Assert.Equal(bound - 1, state.NextBackOffMs((ulong)(bound * 1000) - 1));
        }
    }

    [Theory]
    [InlineData(ResetHeaderFormat.Seconds, "2", 2000)]
    [InlineData(ResetHeaderFormat.UnixTimestamp, "1002", 2000)]
    [InlineData(ResetHeaderFormat.Seconds, "3600", 5000)]
    public void NextBackOffMs_ResetHeader_AsLongAsAskedWithinTheMaximum(ResetHeaderFormat format, string value, long expectedMs)
    {
        RetryState state = Begin(new RetryPolicyConfig
        {
            RetryOn = "5xx",
            RateLimitedRetryBackOff = new RateLimitedRetryBackOffConfig([new ResetHeaderConfig("retry-after", format)], MaxIntervalMs: 5000),
        });

        state.ShouldRetryHeaders(Response(503, ("retry-after", value)), nowUnixSeconds: 1000);

        Assert.Equal(expectedMs, state.NextBackOffMs(random: 0));
    }

    [Fact]
    public void Begin_SteadyState_AllocatesNothing()
    {
        var state = new RetryState();
        var policy = new RetryPolicyModel(new RetryPolicyConfig { RetryOn = "5xx" });
        HeaderMap request = TestHeaders.Request("/");
        HeaderMap response = Response(503);
        state.Begin(policy, request);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            state.Begin(policy, request);
            state.ShouldRetryHeaders(response, 0);
            state.NextBackOffMs(7);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RetryState Begin(RetryPolicyConfig policy, HeaderMap? request = null)
    {
        var state = new RetryState();
        state.Begin(new RetryPolicyModel(policy), request ?? TestHeaders.Request("/"));
        return state;
    }

    private static HeaderMap Response(int status, params ReadOnlySpan<(string Name, string Value)> more)
    {
        HeaderMap map = TestHeaders.Of((":status", status.ToString()));
        foreach ((string name, string value) in more)
        {
            map.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        return map;
    }
}
