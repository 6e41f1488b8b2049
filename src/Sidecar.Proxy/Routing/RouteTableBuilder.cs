using System;
using System.Collections.Generic;
using Sidecar.Proxy.HeaderMutations;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Matching.Regex;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>Builds a <see cref="RouteTable"/> and gathers every error, each with its place. Main thread; used once.</summary>
internal sealed class RouteTableBuilder
{
    private readonly RouteTableConfig _config;
    private readonly Func<string, int> _internCluster;
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, ClusterRef> _clusters = [];

    public RouteTableBuilder(RouteTableConfig config, Func<string, int> internCluster)
    {
        _config = config;
        _internCluster = internCluster;
    }

    public RouteTable Build()
    {
        LevelMutations table = Mutations(_config.Headers, "route configuration");
        var domains = new DomainTable.Builder();
        var virtualHosts = new List<VirtualHostModel>(_config.VirtualHosts.Count);
        var names = new HashSet<string>();
        foreach (VirtualHostConfig config in _config.VirtualHosts)
        {
            if (!names.Add(config.Name))
            {
                _errors.Add($"virtual host {config.Name}: Only unique names for virtual hosts are permitted in route {_config.Name}");
            }

            VirtualHostModel virtualHost = VirtualHost(config, table);
            virtualHosts.Add(virtualHost);
            foreach (string domain in config.Domains)
            {
                if (domains.TryAdd(domain, virtualHost, _config.Name) is { } error)
                {
                    _errors.Add($"virtual host {config.Name}: {error}");
                }
            }
        }

        if (_errors.Count > 0)
        {
            throw new RouteConfigException(_errors);
        }

        return new RouteTable(_config, domains.Build(_config.IgnorePortInHostMatching), virtualHosts);
    }

    private VirtualHostModel VirtualHost(VirtualHostConfig config, LevelMutations table)
    {
        string place = $"virtual host {config.Name}";
        LevelMutations mutations = Mutations(config.Headers, place);
        RetryPolicyModel? retryPolicy = null;
        Try(place, () => retryPolicy = config.RetryPolicy is null ? null : new RetryPolicyModel(config.RetryPolicy));
        return new VirtualHostModel(config, model =>
        {
            var scope = new Scope(config, model, retryPolicy, table, mutations);
            var routes = new List<RouteModel>(config.Routes.Count);
            for (int i = 0; i < config.Routes.Count; i++)
            {
                RouteConfig route = config.Routes[i];
                string routePlace = route.Name.Length > 0 ? $"{place}, route {i} ({route.Name})" : $"{place}, route {i}";
                Try(routePlace, () => routes.Add(Route(route, scope, routePlace)));
            }

            return [.. routes];
        });
    }

    private RouteModel Route(RouteConfig config, Scope scope, string place)
    {
        var match = new RouteMatcher(config.Match);
        LevelMutations mutations = Mutations(config.Headers, place);
        RouteEntryParts parts = Parts(config, scope) with
        {
            RequestMutations = Order(mutations.Request, scope.VirtualHostMutations.Request, scope.TableMutations.Request),
            ResponseMutations = Order(mutations.Response, scope.VirtualHostMutations.Response, scope.TableMutations.Response),
        };
        if (config.Redirect is not null)
        {
            return new RouteModel(match, new RouteEntry(parts with
            {
                Kind = RouteActionKind.Redirect,
                Redirect = new RedirectAction(config.Redirect, match.RewrittenPrefixLength),
            }));
        }

        if (config.DirectResponse is not null)
        {
            return new RouteModel(match, new RouteEntry(DirectResponse(config.DirectResponse, parts)));
        }

        if (config.Route is null)
        {
            return new RouteModel(match, new RouteEntry(parts));
        }

        parts = parts with
        {
            Forward = new ForwardAction(config.Route, scope.Config, _config.RequestMirrorPolicies, scope.RetryPolicy),
            MetadataMatch = config.Route.MetadataMatch,
            HostRewrite = new HostRewrite(config.Route, config.Route.HostRewriteLiteral),
            PathRewrite = PathRewrite.Create(config.Route.PrefixRewrite, config.Route.RegexRewrite, match.RewrittenPrefixLength),
        };
        return config.Route.WeightedClusters is null
            ? new RouteModel(match, new RouteEntry(WithCluster(parts, config.Route.Cluster, config.Route.ClusterHeader)))
            : Weighted(config, config.Route.WeightedClusters, match, parts, scope, place);
    }

    private RouteModel Weighted(
        RouteConfig route, WeightedClustersConfig config, RouteMatcher match, RouteEntryParts parts, Scope scope, string place)
    {
        var entries = new RouteEntry[config.Clusters.Count];
        var cumulative = new ulong[entries.Length];
        ulong total = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            ClusterWeightConfig cluster = config.Clusters[i];
            LevelMutations own = Mutations(cluster.Headers, $"{place}, weighted cluster {cluster.Name}");
            total += cluster.Weight;
            cumulative[i] = total;
            entries[i] = new RouteEntry(WithCluster(parts, cluster.Name, cluster.ClusterHeader) with
            {
                RequestMutations = OrderWith(own.Request, parts.RequestMutations),
                ResponseMutations = OrderWith(own.Response, parts.ResponseMutations),
                MetadataMatch = cluster.MetadataMatch.FilterMetadata.Count > 0 ? cluster.MetadataMatch : parts.MetadataMatch,
                HostRewrite = cluster.HostRewriteLiteral.Length > 0 ? new HostRewrite(route.Route!, cluster.HostRewriteLiteral) : parts.HostRewrite,
                TypedPerFilterConfig = PerFilterConfig.Merge(
                    _config.TypedPerFilterConfig, scope.Config.TypedPerFilterConfig, route.TypedPerFilterConfig, cluster.TypedPerFilterConfig),
            });
        }

        if (total == 0)
        {
            throw new RouteConfigException(["Sum of weights in the weighted_cluster must be greater than 0."]);
        }

        if (total > uint.MaxValue)
        {
            throw new RouteConfigException([$"The sum of weights of all weighted clusters of route {route.Name} exceeds {uint.MaxValue}"]);
        }

        return new RouteModel(match, entries, cumulative, config.HeaderName.Length > 0 ? new HeaderName(config.HeaderName) : null);
    }

    private RouteEntryParts Parts(RouteConfig config, Scope scope) => new()
    {
        Name = config.Name,
        VirtualHost = scope.Model,
        Metadata = config.Metadata,
        Kind = RouteActionKind.None,
        Decorator = config.Decorator,
        PerRequestBufferLimitBytes = config.PerRequestBufferLimitBytes ?? scope.Config.PerRequestBufferLimitBytes,
        TypedPerFilterConfig = PerFilterConfig.Merge(_config.TypedPerFilterConfig, scope.Config.TypedPerFilterConfig, config.TypedPerFilterConfig),
    };

    private RouteEntryParts DirectResponse(DirectResponseActionConfig config, RouteEntryParts parts)
    {
        if (config.Body.Length > _config.MaxDirectResponseBodySizeBytes)
        {
            throw new RouteConfigException([$"response body size is {config.Body.Length} bytes; maximum is {_config.MaxDirectResponseBodySizeBytes}"]);
        }

        return parts with { Kind = RouteActionKind.DirectResponse, DirectResponse = new DirectResponseAction(config) };
    }

    private RouteEntryParts WithCluster(RouteEntryParts parts, string name, string header) => header.Length > 0
        ? parts with { Kind = RouteActionKind.ClusterHeader, ClusterHeader = new HeaderName(header) }
        : parts with { Kind = RouteActionKind.Cluster, Cluster = Cluster(name) };

    private ClusterRef Cluster(string name)
    {
        if (!_clusters.TryGetValue(name, out ClusterRef? cluster))
        {
            cluster = new ClusterRef(name, _internCluster(name));
            _clusters[name] = cluster;
        }

        return cluster;
    }

    /// <summary>The later mutation wins: by default that is the table's, on demand the most specific one.</summary>
    private HeaderMutation[] Order(HeaderMutation route, HeaderMutation virtualHost, HeaderMutation table) =>
        WithoutEmpty(_config.MostSpecificHeaderMutationsWins ? [table, virtualHost, route] : [route, virtualHost, table]);

    private HeaderMutation[] OrderWith(HeaderMutation cluster, HeaderMutation[] others) =>
        WithoutEmpty(_config.MostSpecificHeaderMutationsWins ? [.. others, cluster] : [cluster, .. others]);

    private static HeaderMutation[] WithoutEmpty(HeaderMutation[] mutations) => Array.FindAll(mutations, static m => !m.IsEmpty);

    private LevelMutations Mutations(HeadersConfig config, string place)
    {
        var level = new LevelMutations(HeaderMutation.None, HeaderMutation.None);
        Try(place, () => level = new LevelMutations(
            HeaderMutation.Create(config.RequestHeadersToAdd, config.RequestHeadersToRemove),
            HeaderMutation.Create(config.ResponseHeadersToAdd, config.ResponseHeadersToRemove)));
        return level;
    }

    /// <summary>Notes what is wrong with one piece and goes on with the next.</summary>
    private void Try(string place, Action build)
    {
        try
        {
            build();
        }
        catch (Exception e) when (e is RegexSyntaxException or HeaderMutationException or SubstitutionFormatException or RouteConfigException)
        {
            _errors.Add($"{place}: {e.Message}");
        }
    }

    private readonly record struct LevelMutations(HeaderMutation Request, HeaderMutation Response);

    /// <summary>What the routes of one virtual host have in common.</summary>
    private sealed record Scope(
        VirtualHostConfig Config,
        VirtualHostModel Model,
        RetryPolicyModel? RetryPolicy,
        LevelMutations TableMutations,
        LevelMutations VirtualHostMutations);
}
