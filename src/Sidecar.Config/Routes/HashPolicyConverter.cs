using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Config.Matchers;
using Sidecar.Config.Values;
using Sidecar.Proxy.Routing;
using HashPolicyProto = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;
using PolicyCase = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy.PolicySpecifierOneofCase;

namespace Sidecar.Config.Routes;

/// <summary><c>RouteAction.HashPolicy</c>. Thread: main.</summary>
internal static class HashPolicyConverter
{
    public static IReadOnlyList<HashPolicyConfig> Build(RepeatedField<HashPolicyProto> protos, FieldScope at)
    {
        var policies = new List<HashPolicyConfig>(protos.Count);
        for (int i = 0; i < protos.Count; i++)
        {
            policies.Add(Build(protos[i], at.Item("hash_policy", i)) with { Terminal = protos[i].Terminal });
        }

        return policies;
    }

    private static HashPolicyConfig Build(HashPolicyProto proto, FieldScope at)
    {
        switch (proto.PolicySpecifierCase)
        {
            case PolicyCase.Header:
                return new HashPolicyConfig
                {
                    Kind = HashPolicyKind.Header,
                    Name = proto.Header.HeaderName,
                    RegexRewrite = StringMatcherConverter.Build(proto.Header.RegexRewrite, at.Field("header").Field("regex_rewrite")),
                };
            case PolicyCase.Cookie:
                return new HashPolicyConfig
                {
                    Kind = HashPolicyKind.Cookie,
                    Name = proto.Cookie.Name,
                    CookieTtlMs = Times.MsOrNull(proto.Cookie.Ttl, at.Field("cookie"), "ttl"),
                    CookiePath = proto.Cookie.Path,
                };
            case PolicyCase.ConnectionProperties:
                return new HashPolicyConfig
                {
                    Kind = proto.ConnectionProperties.SourceIp ? HashPolicyKind.SourceIp : HashPolicyKind.None,
                };
            case PolicyCase.QueryParameter:
                return new HashPolicyConfig { Kind = HashPolicyKind.QueryParameter, Name = proto.QueryParameter.Name };
            case PolicyCase.FilterState:
                return new HashPolicyConfig { Kind = HashPolicyKind.FilterState, Name = proto.FilterState.Key };
            default:
                at.Error("something to hash is required");
                return new HashPolicyConfig { Kind = HashPolicyKind.None };
        }
    }
}
