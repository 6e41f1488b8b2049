using System;
using System.Text;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Xds.Mux;
using Envelope = Envoy.Service.Discovery.V3.Resource;

namespace Sidecar.Xds.Tests.Harness;

/// <summary>Short words for the messages of the tests.</summary>
internal static class Resources
{
    public static readonly string Cds = ResourceType.Cluster.TypeUrl;
    public static readonly string Eds = ResourceType.ClusterLoadAssignment.TypeUrl;
    public static readonly string Lds = ResourceType.Listener.TypeUrl;
    public static readonly string Rds = ResourceType.RouteConfiguration.TypeUrl;

    /// <summary>A resource of a type, with a name and nothing else.</summary>
    public static Any Named(string typeUrl, string name)
    {
        IMessage message = typeUrl == Cds ? new Cluster { Name = name }
            : typeUrl == Eds ? new ClusterLoadAssignment { ClusterName = name }
            : typeUrl == Lds ? new Listener { Name = name }
            : typeUrl == Rds ? new RouteConfiguration { Name = name }
            : throw new ArgumentOutOfRangeException(nameof(typeUrl), typeUrl, "no such type in the tests");
        return new Any { TypeUrl = typeUrl, Value = message.ToByteString() };
    }

    public static DiscoveryResponse Sotw(string typeUrl, string version, string nonce, params string[] names)
    {
        var response = new DiscoveryResponse { TypeUrl = typeUrl, VersionInfo = version, Nonce = nonce };
        foreach (string name in names)
        {
            response.Resources.Add(Named(typeUrl, name));
        }

        return response;
    }

    /// <summary>A resource in its wrapper; without a type it has no content.</summary>
    public static Envelope Wrapped(string? typeUrl, string name, string version, int ttlSeconds = 0) => new()
    {
        Name = name,
        Version = version,
        Resource_ = typeUrl is null ? null : Named(typeUrl, name),
        Ttl = ttlSeconds == 0 ? null : new Duration { Seconds = ttlSeconds },
    };

    public static Any InAny(Envelope wrapped) => new() { TypeUrl = ResourceEnvelope.WrapperTypeUrl, Value = wrapped.ToByteString() };

    public static DeltaDiscoveryResponse Delta(string typeUrl, string nonce, params string[] names) =>
        Delta(typeUrl, nonce, "v-" + nonce, names);

    public static DeltaDiscoveryResponse Delta(string typeUrl, string nonce, string version, string[] names)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = typeUrl, Nonce = nonce, SystemVersionInfo = version };
        foreach (string name in names)
        {
            response.Resources.Add(Wrapped(typeUrl, name, version));
        }

        return response;
    }

    public static DeltaDiscoveryResponse Removal(string typeUrl, string nonce, params string[] names)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = typeUrl, Nonce = nonce };
        response.RemovedResources.AddRange(names);
        return response;
    }

    /// <summary>One line a request: what the protocol is about, easy to compare.</summary>
    public static string Describe(DiscoveryRequest request) =>
        $"{Short(request.TypeUrl)} [{string.Join(",", request.ResourceNames)}] version={request.VersionInfo} nonce={request.ResponseNonce}"
        + (request.ErrorDetail is null ? string.Empty : " NACK");

    public static string Describe(DeltaDiscoveryRequest request)
    {
        var text = new StringBuilder(Short(request.TypeUrl));
        foreach (string name in request.ResourceNamesSubscribe)
        {
            text.Append(" +").Append(name);
        }

        foreach (string name in request.ResourceNamesUnsubscribe)
        {
            text.Append(" -").Append(name);
        }

        var versions = new System.Collections.Generic.SortedDictionary<string, string>(request.InitialResourceVersions, StringComparer.Ordinal);
        foreach ((string name, string version) in versions)
        {
            text.Append(' ').Append(name).Append('@').Append(version);
        }

        text.Append(request.ResponseNonce.Length > 0 ? " nonce=" + request.ResponseNonce : string.Empty);
        return text.Append(request.ErrorDetail is null ? string.Empty : " NACK").ToString();
    }

    private static string Short(string typeUrl) => typeUrl == Cds ? "CDS" : typeUrl == Eds ? "EDS" : typeUrl == Lds ? "LDS" : typeUrl == Rds ? "RDS" : typeUrl;
}
