using System.Collections.Generic;
using Sidecar.Config.Conversion;
using Sidecar.Config.Matchers;
using Sidecar.Config.Values;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Routing;
using ActionCase = Envoy.Config.Route.V3.Route.ActionOneofCase;
using PathCase = Envoy.Config.Route.V3.RouteMatch.PathSpecifierOneofCase;
using RouteMatchProto = Envoy.Config.Route.V3.RouteMatch;
using RouteProto = Envoy.Config.Route.V3.Route;

namespace Sidecar.Config.Routes;

/// <summary><c>envoy.config.route.v3.Route</c> and its match. Thread: main.</summary>
internal static class RouteConverter
{
    public static RouteConfig Build(RouteProto proto, int maxBodyBytes, FieldScope at)
    {
        if (proto.ActionCase is ActionCase.FilterAction or ActionCase.None)
        {
            at.Error("an action is required: route, redirect, direct_response or non_forwarding_action");
        }

        return new RouteConfig
        {
            Name = proto.Name,
            Match = BuildMatch(proto.Match, at.Field("match")),
            Route = proto.Route_ is null ? null : RouteActionConverter.Build(proto.Route_, at.Field("route")),
            Redirect = proto.Redirect is null ? null : RedirectConverter.Build(proto.Redirect, at.Field("redirect")),
            DirectResponse = proto.DirectResponse is null
                ? null
                : RedirectConverter.Build(proto.DirectResponse, maxBodyBytes, at.Field("direct_response")),
            Headers = HeadersConverter.Build(
                proto.RequestHeadersToAdd, proto.RequestHeadersToRemove, proto.ResponseHeadersToAdd, proto.ResponseHeadersToRemove, at),
            TypedPerFilterConfig = PerFilterConverter.Build(proto.TypedPerFilterConfig, at),
            Decorator = proto.Decorator is null ? null : new DecoratorConfig(proto.Decorator.Operation, proto.Decorator.Propagate ?? true),
            StatPrefix = proto.StatPrefix,
            PerRequestBufferLimitBytes = proto.PerRequestBufferLimitBytes,
            Metadata = StructConverter.Build(proto.Metadata),
        };
    }

    private static RouteMatchConfig BuildMatch(RouteMatchProto proto, FieldScope at)
    {
        (PathMatchKind kind, string path) = BuildPath(proto, at);
        var dynamicMetadata = new List<MetadataMatcherConfig>(proto.DynamicMetadata.Count);
        for (int i = 0; i < proto.DynamicMetadata.Count; i++)
        {
            dynamicMetadata.Add(MetadataMatcherConverter.Build(proto.DynamicMetadata[i], at.Item("dynamic_metadata", i)));
        }

        return new RouteMatchConfig
        {
            PathKind = kind,
            Path = path,
            CaseSensitive = proto.CaseSensitive ?? true,
            Headers = HeaderMatcherConverter.Build(proto.Headers, at, "headers"),
            QueryParameters = HeaderMatcherConverter.Build(proto.QueryParameters, at, "query_parameters"),
            Grpc = proto.Grpc is not null,
            RuntimeFraction = RuntimeFractions.Build(proto.RuntimeFraction, at.Field("runtime_fraction")),
            TlsContext = proto.TlsContext is null ? null : new TlsContextMatchConfig(proto.TlsContext.Presented, proto.TlsContext.Validated),
            DynamicMetadata = dynamicMetadata,
        };
    }

    private static (PathMatchKind Kind, string Path) BuildPath(RouteMatchProto proto, FieldScope at)
    {
        switch (proto.PathSpecifierCase)
        {
            case PathCase.Prefix:
                return (PathMatchKind.Prefix, proto.Prefix);
            case PathCase.Path:
                return (PathMatchKind.Exact, proto.Path);
            case PathCase.PathSeparatedPrefix:
                return (PathMatchKind.PathSeparatedPrefix, proto.PathSeparatedPrefix);
            case PathCase.SafeRegex:
                return (PathMatchKind.SafeRegex, StringMatcherConverter.Pattern(proto.SafeRegex, at.Field("safe_regex")));
            case PathCase.ConnectMatcher:
                return (PathMatchKind.Connect, string.Empty);
            case PathCase.PathMatchPolicy:
                ExtensionTable.Unknown(
                    "path match policy", proto.PathMatchPolicy.Name, proto.PathMatchPolicy.TypedConfig, at.Field("path_match_policy"));
                return default;
            default:
                at.Error("a path, prefix or regex is required");
                return default;
        }
    }
}
