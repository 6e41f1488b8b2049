using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Sidecar.Config.Tree;

namespace Sidecar.ControlPlane.Resources;

/// <summary>
/// Keeps a <see cref="SnapshotStore"/> at what a folder holds: reloads a moment after the last of a burst of changes, and keeps the
/// last good snapshot when the new content is wrong. Any thread; reloads happen one at a time.
/// </summary>
public sealed class FolderSource : IDisposable
{
    private const int DebounceMs = 50;

    private readonly string _folder;
    private readonly bool _allowsInvalid;
    private readonly SnapshotStore _store;
    private readonly Action<string> _print;
    private readonly Lock _reloading = new();
    private readonly FileSystemWatcher _watcher;
    private readonly Timer _debounce;
    private int _loads;

    /// <summary>Starts to watch <paramref name="folder"/>, which exists; nothing is loaded before <see cref="Reload"/>.</summary>
    /// <param name="folder">The folder of resource files.</param>
    /// <param name="allowsInvalid">As in <see cref="SnapshotBuilder"/>.</param>
    /// <param name="store">Takes the snapshots.</param>
    /// <param name="print">Takes lines for the user; called on any thread.</param>
    public FolderSource(string folder, bool allowsInvalid, SnapshotStore store, Action<string> print)
    {
        _folder = folder;
        _allowsInvalid = allowsInvalid;
        _store = store;
        _print = print;
        _debounce = new Timer(static source => ((FolderSource)source!).Reload(), this, Timeout.Infinite, Timeout.Infinite);
        _watcher = new FileSystemWatcher(folder)
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.DirectoryName,
        };
        _watcher.Changed += OnChange;
        _watcher.Created += OnChange;
        _watcher.Deleted += OnChange;
        _watcher.Renamed += OnChange;
        // The kernel's queue ran over: what changed is unknown, so everything is read again, as for any change.
        _watcher.Error += (_, _) => Arm();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Reads the folder now. False, with the reasons printed, if something in it is wrong.</summary>
    public bool Reload()
    {
        lock (_reloading)
        {
            ConfigErrors unread = new();
            List<ResourceFile> files = FolderReader.Read(_folder, unread);
            Snapshot? snapshot = SnapshotBuilder.Build(files, _allowsInvalid, out ConfigErrors errors);
            if (snapshot is null || !unread.IsEmpty)
            {
                PrintErrors(unread, errors);
                return false;
            }

            if (_store.Publish(snapshot))
            {
                _print($"snapshot {++_loads} version={snapshot.Version} {Describe(snapshot)}");
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher.Dispose();
        _debounce.Dispose();
    }

    private void OnChange(object sender, FileSystemEventArgs change) => Arm();

    private void Arm()
    {
        try
        {
            _debounce.Change(DebounceMs, Timeout.Infinite);
        }
        catch (ObjectDisposedException)
        {
            // A change seen while the server ends.
        }
    }

    private void PrintErrors(ConfigErrors unread, ConfigErrors errors)
    {
        foreach (ConfigError error in (List<ConfigError>)[.. unread.Errors, .. errors.Errors])
        {
            _print($"error {error}");
        }

        _print(_store.Current is { } kept
            ? $"kept snapshot version={kept.Version}: {unread.Count + errors.Count} error(s) in {_folder}"
            : $"no snapshot yet: {unread.Count + errors.Count} error(s) in {_folder}; clients wait");
    }

    private static string Describe(Snapshot snapshot)
    {
        List<string> counts = [];
        foreach (ResourceType type in ResourceType.All)
        {
            if (snapshot[type].Count > 0)
            {
                counts.Add($"{type.Key}={snapshot[type].Count}");
            }
        }

        return counts.Count == 0 ? "empty" : string.Join(' ', counts);
    }
}
