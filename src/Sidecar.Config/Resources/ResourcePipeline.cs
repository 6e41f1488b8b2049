using System;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Sidecar.Config.Clusters;
using Sidecar.Config.Conversion;
using Sidecar.Config.Endpoints;
using Sidecar.Config.Listeners;
using Sidecar.Config.Routes;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;
using Sidecar.Network.Listeners;
using Sidecar.Proxy.Routing;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using ClusterProto = Envoy.Config.Cluster.V3.Cluster;

namespace Sidecar.Config.Resources;

/// <summary>
/// From the wire bytes of a resource to its model: the API's own rules, fields that are unknown or not supported, then the converter.
/// A resource is taken whole or not at all. Thread: main.
/// </summary>
public sealed class ResourcePipeline
{
    private const string ClusterName = "envoy.config.cluster.v3.Cluster";
    private const string EndpointsName = "envoy.config.endpoint.v3.ClusterLoadAssignment";
    private const string ListenerName = "envoy.config.listener.v3.Listener";
    private const string RoutesName = "envoy.config.route.v3.RouteConfiguration";

    private readonly ConversionServices _services;

    public ResourcePipeline(ConversionServices services) => _services = services;

    /// <summary>Translates a resource of any type that there is a converter for; null for other types.</summary>
    public TranslatedResource? Translate(string typeUrl, ReadOnlySpan<byte> bytes, TranslationOptions options)
    {
        return SchemaTable.NameOf(typeUrl) switch
        {
            ClusterName => TranslateCluster(bytes, options),
            EndpointsName => TranslateEndpoints(bytes, options),
            ListenerName => TranslateListener(bytes, options),
            RoutesName => TranslateRoutes(bytes, options),
            _ => null,
        };
    }

    public TranslatedResource<ClusterModel> TranslateCluster(ReadOnlySpan<byte> bytes, TranslationOptions options) =>
        Run<ClusterProto, ClusterModel>(ClusterName, bytes, options, static cluster => cluster.Name, ClusterConverter.Build);

    public TranslatedResource<LoadAssignmentModel> TranslateEndpoints(ReadOnlySpan<byte> bytes, TranslationOptions options) =>
        Run<ClusterLoadAssignment, LoadAssignmentModel>(
            EndpointsName, bytes, options, static assignment => assignment.ClusterName, LoadAssignmentConverter.Build);

    public TranslatedResource<ListenerModel> TranslateListener(ReadOnlySpan<byte> bytes, TranslationOptions options) =>
        Run<Listener, ListenerModel>(ListenerName, bytes, options, static listener => listener.Name, ListenerConverter.Build);

    public TranslatedResource<RouteTable> TranslateRoutes(ReadOnlySpan<byte> bytes, TranslationOptions options) =>
        Run<RouteConfiguration, RouteTable>(RoutesName, bytes, options, static routes => routes.Name, RouteTableConverter.Build);

    private TranslatedResource<TModel> Run<TProto, TModel>(
        string messageName,
        ReadOnlySpan<byte> bytes,
        TranslationOptions options,
        Func<TProto, string> nameOf,
        Func<TProto, FieldScope, TModel?> build)
        where TProto : class, IMessage<TProto>, new()
        where TModel : class
    {
        var errors = new ConfigErrors();
        var context = new ConversionContext(_services, addedViaApi: options.AddedViaApi, errors: errors);
        MessageSchema schema = SchemaTable.Api.GetMessage(messageName);
        ConstraintValidator.Check(SchemaTable.Api, schema, bytes, errors);
        UnsupportedFieldReport report = UnsupportedFieldReport.Check(SchemaTable.Api, SupportedFields.Embedded, messageName, bytes);
        TellUnsafe(report, options, errors);
        TProto? proto = Parse<TProto>(bytes, errors);
        // Converters rely on the rules, so that they need not check again what is required.
        TModel? model = proto is not null && errors.IsEmpty ? build(proto, context.Top) : null;
        if (!errors.IsEmpty)
        {
            context.ReleaseStats();
        }

        var findings = new ResourceFindings(
            errors, [.. report.Unsupported, .. context.Unsupported], report.Deprecated, context.Subscriptions, context.Stats);
        return new TranslatedResource<TModel>(proto is null ? string.Empty : nameOf(proto), model, findings);
    }

    private static void TellUnsafe(UnsupportedFieldReport report, TranslationOptions options, ConfigErrors errors)
    {
        foreach (string path in report.Vital)
        {
            errors.Add(default, path, "is not supported, and cannot safely be ignored");
        }

        if (options.RejectUnknownFields)
        {
            errors.RejectUnknownFields();
            foreach (string path in report.Unknown)
            {
                errors.Add(default, path, "unknown field");
            }
        }
    }

    private static TProto? Parse<TProto>(ReadOnlySpan<byte> bytes, ConfigErrors errors)
        where TProto : class, IMessage<TProto>, new()
    {
        try
        {
            return TypedConfig.Parse<TProto>(bytes);
        }
        catch (TypedConfigException malformed)
        {
            errors.Add(default, string.Empty, malformed.Message);
            return null;
        }
    }
}
