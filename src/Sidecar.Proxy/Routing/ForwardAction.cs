using System;
using System.Collections.Generic;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>Everything a route says about forwarding but the cluster, every default resolved. Immutable; thread: any.</summary>
public sealed class ForwardAction
{
    internal ForwardAction(RouteActionConfig config, VirtualHostConfig virtualHost, IReadOnlyList<RequestMirrorPolicyConfig> tableMirrors, RetryPolicyModel? virtualHostRetryPolicy)
    {
        Timeouts = new RouteTimeouts(config);
        RetryPolicy = config.RetryPolicy is not null ? new RetryPolicyModel(config.RetryPolicy) : virtualHostRetryPolicy ?? RetryPolicyModel.None;
        HedgePolicy = config.HedgePolicy ?? virtualHost.HedgePolicy;
        // The most specific level that shadows at all decides.
        RequestMirrorPolicies = config.RequestMirrorPolicies.Count > 0 ? config.RequestMirrorPolicies
            : virtualHost.RequestMirrorPolicies.Count > 0 ? virtualHost.RequestMirrorPolicies : tableMirrors;
        HashPolicy = config.HashPolicy;
        RateLimits = config.RateLimits;
        IncludeVirtualHostRateLimits = config.IncludeVhRateLimits ?? config.RateLimits.Count == 0;
        UpgradeConfigs = config.UpgradeConfigs;
        InternalRedirectPolicy = config.InternalRedirectPolicy;
        HighPriority = config.HighPriority;
        AutoHostRewrite = config.AutoHostRewrite;
        AppendXForwardedHost = config.AppendXForwardedHost;
        ClusterNotFoundResponseCode = config.ClusterNotFoundResponseCode;
    }

    public RouteTimeouts Timeouts { get; }

    /// <summary>The route's, else the virtual host's, else one without conditions.</summary>
    public RetryPolicyModel RetryPolicy { get; }

    public HedgePolicyConfig? HedgePolicy { get; }

    public IReadOnlyList<RequestMirrorPolicyConfig> RequestMirrorPolicies { get; }

    public IReadOnlyList<HashPolicyConfig> HashPolicy { get; }

    public IReadOnlyList<RateLimitConfig> RateLimits { get; }

    public bool IncludeVirtualHostRateLimits { get; }

    public IReadOnlyList<UpgradeConfig> UpgradeConfigs { get; }

    /// <summary>Null passes redirects on.</summary>
    public InternalRedirectPolicyConfig? InternalRedirectPolicy { get; }

    public bool HighPriority { get; }

    /// <summary>The router sets the host with <see cref="SetHost"/> once it knows the upstream host.</summary>
    public bool AutoHostRewrite { get; }

    public bool AppendXForwardedHost { get; }

    public int ClusterNotFoundResponseCode { get; }

    /// <summary>Sets the request's host to an upstream host's name (<c>auto_host_rewrite</c>).</summary>
    public void SetHost(HeaderMap request, ReadOnlySpan<byte> host)
    {
        TextBuffer copy = TextBuffer.Scratch;
        copy.Append(host);
        HostRewrite.Set(request, copy, AppendXForwardedHost);
    }
}
