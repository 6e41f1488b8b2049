using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Proxy.Routing;
using TlsRequirementProto = Envoy.Config.Route.V3.VirtualHost.Types.TlsRequirementType;
using VirtualHostProto = Envoy.Config.Route.V3.VirtualHost;

namespace Sidecar.Config.Routes;

/// <summary><c>envoy.config.route.v3.VirtualHost</c>. Thread: main.</summary>
internal static class VirtualHostConverter
{
    public static VirtualHostConfig Build(VirtualHostProto proto, int maxBodyBytes, FieldScope at)
    {
        if (proto.Matcher is not null)
        {
            at.Error("matcher", "routing by a matcher is not supported");
        }

        if (proto.RetryPolicyTypedConfig is not null)
        {
            at.Error("retry_policy_typed_config", "retry policy extensions are not supported");
        }

        var routes = new RouteConfig[proto.Routes.Count];
        for (int i = 0; i < routes.Length; i++)
        {
            routes[i] = RouteConverter.Build(proto.Routes[i], maxBodyBytes, at.Item("routes", i));
        }

        return new VirtualHostConfig
        {
            Name = proto.Name,
            Domains = [.. proto.Domains],
            Routes = routes,
            RequireTls = proto.RequireTls switch
            {
                TlsRequirementProto.ExternalOnly => TlsRequirement.ExternalOnly,
                TlsRequirementProto.All => TlsRequirement.All,
                _ => TlsRequirement.None,
            },
            Headers = HeadersConverter.Build(
                proto.RequestHeadersToAdd, proto.RequestHeadersToRemove, proto.ResponseHeadersToAdd, proto.ResponseHeadersToRemove, at),
            RetryPolicy = RetryPolicyConverter.Build(proto.RetryPolicy, at.Field("retry_policy")),
            HedgePolicy = RetryPolicyConverter.Build(proto.HedgePolicy),
            IncludeRequestAttemptCount = proto.IncludeRequestAttemptCount,
            IncludeAttemptCountInResponse = proto.IncludeAttemptCountInResponse,
            IncludeIsTimeoutRetryHeader = proto.IncludeIsTimeoutRetryHeader,
            PerRequestBufferLimitBytes = proto.PerRequestBufferLimitBytes,
            RequestMirrorPolicies = RouteTableConverter.MirrorPolicies(proto.RequestMirrorPolicies, at),
            TypedPerFilterConfig = PerFilterConverter.Build(proto.TypedPerFilterConfig, at),
            Metadata = StructConverter.Build(proto.Metadata),
        };
    }
}
