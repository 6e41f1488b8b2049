using System;
using System.Collections.Generic;
using System.IO;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Tree;
using Sidecar.Core.Logging;
using Sidecar.Event;
using Sidecar.Event.Files;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Scheduling;
using Envelope = Envoy.Service.Discovery.V3.Resource;

namespace Sidecar.Xds.Subscriptions;

/// <summary>
/// Resources from a file that is replaced by a move (<c>path_config_source</c>), or whose directory is swapped (<c>watched_directory</c>,
/// as Kubernetes does). A file that cannot be used keeps what was there before. Thread: main.
/// </summary>
internal sealed class FilesystemSubscription : Subscription
{
    private readonly Dispatcher _main;
    private readonly FileWatcher _files;
    private readonly string _path;
    private readonly string? _watchedDirectory;
    private readonly string _typeUrl;
    private readonly SubscriptionDelivery _delivery;
    private readonly SchedulableCallback _reload;
    private readonly HashSet<string> _known = [];
    private HashSet<string> _names = [];
    private IDisposable? _watch;

    /// <param name="main">Main's dispatcher.</param>
    /// <param name="files">Watches.</param>
    /// <param name="path">The file.</param>
    /// <param name="watchedDirectory">Reload when something is moved into this directory; null to watch the file itself.</param>
    /// <param name="typeUrl">Of the resources.</param>
    /// <param name="delivery">To the user.</param>
    public FilesystemSubscription(
        Dispatcher main, FileWatcher files, string path, string? watchedDirectory, string typeUrl, SubscriptionDelivery delivery)
    {
        _main = main;
        _files = files;
        _path = path;
        _watchedDirectory = watchedDirectory;
        _typeUrl = typeUrl;
        _delivery = delivery;
        _reload = _main.CreateCallback(new ActionCallback(Reload));
    }

    public override void Start(IReadOnlyCollection<string> names)
    {
        _names = [.. names];
        try
        {
            _watch = _files.Watch(_watchedDirectory ?? _path, FileChange.MovedTo, new Watcher(this));
        }
        catch (IOException unwatchable)
        {
            Loggers.Config.Warning($"{_path} is not watched: {unwatchable.Message}");
        }

        // A file needs no initial fetch timeout: it is there or it is not, and what is wrong with it is told at once.
        _reload.ScheduleCurrentIteration();
    }

    /// <summary>Other names of the same file.</summary>
    public override void UpdateNames(IReadOnlyCollection<string> names)
    {
        _names = [.. names];
        _reload.ScheduleCurrentIteration();
    }

    public override void Dispose()
    {
        _watch?.Dispose();
        _reload.Cancel();
        _delivery.End();
    }

    private void Reload()
    {
        var errors = new ConfigErrors();
        DiscoveryResponse? response;
        try
        {
            response = DiscoveryFile.Read(_path, errors);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Loggers.Config.Warning($"{_path} cannot be read: {unreadable.Message}");
            _delivery.GiveUp();
            return;
        }

        if (response is null || Read(response, errors) is not { } resources)
        {
            Loggers.Config.Warning($"{_path} rejected: {errors}");
            _delivery.Reject();
            return;
        }

        Deliver(resources, response.VersionInfo);
    }

    private void Deliver(List<XdsResource> resources, string version)
    {
        List<string> removed = [];
        if (ResourceType.Of(_typeUrl).IsFullState)
        {
            HashSet<string> present = [];
            resources.ForEach(resource => present.Add(resource.Name));
            removed.AddRange(_known);
            removed.RemoveAll(present.Contains);
            _known.Clear();
            _known.UnionWith(present);
        }

        UpdateResult result = _delivery.Update(resources, removed, version);
        if (!result.IsAccepted)
        {
            Loggers.Config.Warning($"{_path} rejected: {result.Error}");
        }
    }

    /// <summary>The resources that were asked for; null if the file as a whole cannot be used.</summary>
    private List<XdsResource>? Read(DiscoveryResponse response, ConfigErrors errors)
    {
        List<XdsResource> resources = [];
        foreach (Any any in response.Resources)
        {
            try
            {
                Any? body = any;
                string name = string.Empty;
                if (any.TypeUrl == ResourceEnvelope.WrapperTypeUrl)
                {
                    Envelope envelope = Envelope.Parser.ParseFrom(any.Value);
                    body = envelope.Resource_;
                    name = envelope.Name;
                }

                if (body is null || body.TypeUrl != _typeUrl)
                {
                    errors.Add(new SourcePosition(_path, 0, 0), "resources", $"{body?.TypeUrl} is not of type {_typeUrl}");
                    return null;
                }

                name = name.Length > 0 ? name : ResourceEnvelope.NameOf(body.Value);
                if (_names.Count == 0 || _names.Contains(name) || _names.Contains(XdsWatch.Wildcard))
                {
                    resources.Add(new XdsResource(name, response.VersionInfo, body.TypeUrl, body.Value.Memory));
                }
            }
            catch (InvalidProtocolBufferException malformed)
            {
                errors.Add(new SourcePosition(_path, 0, 0), "resources", malformed.Message);
                return null;
            }
        }

        return resources;
    }

    private sealed class Watcher(FilesystemSubscription subscription) : FileWatchHandler
    {
        public override void OnFileChanged(string path, FileChange change) => subscription._reload.ScheduleCurrentIteration();
    }
}
