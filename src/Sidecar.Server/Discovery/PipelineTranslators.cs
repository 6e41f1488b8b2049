using System;
using System.Collections.Generic;
using Sidecar.Config.Conversion;
using Sidecar.Config.Resources;
using Sidecar.Config.Tree;
using Sidecar.Core.Logging;
using Sidecar.Network.Listeners;
using Sidecar.Proxy.Routing;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Xds.Apply;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Server.Discovery;

/// <summary>What discovery applies, translated by the pipeline that also translates the bootstrap. Thread: main.</summary>
internal sealed class PipelineTranslators
{
    private readonly ResourcePipeline _pipeline;
    private readonly TranslationOptions _options;

    public PipelineTranslators(ResourcePipeline pipeline, TranslationOptions options)
    {
        _pipeline = pipeline;
        _options = options;
        Clusters = new Translator<ClusterModel>(resource => _pipeline.TranslateCluster(resource.Value.Span, _options));
        Endpoints = new Translator<LoadAssignmentModel>(resource => _pipeline.TranslateEndpoints(resource.Value.Span, _options));
        Listeners = new Translator<ListenerModel>(resource => _pipeline.TranslateListener(resource.Value.Span, _options));
        Routes = new Translator<RouteTable>(resource => _pipeline.TranslateRoutes(resource.Value.Span, _options));
    }

    public ResourceTranslator<ClusterModel> Clusters { get; }

    public ResourceTranslator<LoadAssignmentModel> Endpoints { get; }

    public ResourceTranslator<ListenerModel> Listeners { get; }

    public ResourceTranslator<RouteTable> Routes { get; }

    /// <summary>What a resource needs, in the words of discovery.</summary>
    public static ResourceNeed NeedOf(ResourceSubscription subscription) =>
        new(subscription.TypeUrl, subscription.Name, subscription.Source, $"rds.{subscription.Name}.");

    /// <summary>Says what is set and not acted on: accepted, but the operator should know.</summary>
    public static void WarnOf(TranslatedResource resource)
    {
        if (resource.Unsupported.Count > 0)
        {
            Loggers.Config.Warning($"{resource.Name}: set but not supported: {string.Join(", ", resource.Unsupported)}");
        }

        if (resource.Deprecated.Count > 0)
        {
            Loggers.Config.Warning($"{resource.Name}: deprecated: {string.Join(", ", resource.Deprecated)}");
        }
    }

    private sealed class Translator<TModel>(Func<XdsResource, TranslatedResource<TModel>> translate) : ResourceTranslator<TModel>
        where TModel : class
    {
        public override TModel? Translate(XdsResource resource, ConfigErrors errors, List<ResourceNeed> needs)
        {
            TranslatedResource<TModel> translated = translate(resource);
            foreach (ConfigError error in translated.Errors.Errors)
            {
                errors.Add(error.Position, error.Path, error.Message);
            }

            foreach (ResourceSubscription subscription in translated.Subscriptions)
            {
                needs.Add(NeedOf(subscription));
            }

            if (translated.IsAccepted)
            {
                WarnOf(translated);
            }

            return translated.Model;
        }
    }
}
