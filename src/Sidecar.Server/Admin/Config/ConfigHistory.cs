using System;
using System.Collections.Generic;
using System.Linq;

namespace Sidecar.Server.Admin.Config;

/// <summary>What became of an update of a resource.</summary>
public enum ConfigOutcome : byte
{
    Accepted = 0,
    Rejected,
    Removed,
}

/// <summary>One update of a resource. Thread: main.</summary>
public sealed class ConfigChange
{
    internal ConfigChange(ConfigKind kind, string name, ConfigOutcome outcome, string version, string details)
    {
        Kind = kind;
        Name = name;
        Outcome = outcome;
        Version = version;
        Details = details;
    }

    public ConfigKind Kind { get; }

    public string Name { get; }

    public ConfigOutcome Outcome { get; }

    public string Version { get; }

    /// <summary>Why it was rejected.</summary>
    public string Details { get; }

    /// <summary>Wire bytes; empty once newer changes needed the room.</summary>
    public ReadOnlyMemory<byte> Resource { get; internal set; }

    /// <summary>When it happened, the last time if it was repeated.</summary>
    public long AtUnixNs { get; internal set; }

    /// <summary>How often it came in a row: a control plane may send again what was just rejected.</summary>
    public int Count { get; internal set; }

    internal bool IsForgotten { get; set; }
}

/// <summary>
/// The last changes of each resource. Bounded in total, so that it grows neither with uptime nor with names that come and go: the
/// oldest lose first their bytes, then their place. Thread: main.
/// </summary>
public sealed class ConfigHistory
{
    /// <summary>Changes kept of one resource.</summary>
    public const int MaxPerResource = 8;

    /// <summary>Changes kept of all resources.</summary>
    public const int MaxChanges = 8192;

    /// <summary>Bytes of resources kept.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly Dictionary<(ConfigKind Kind, string Name), List<ConfigChange>> _byName = [];
    private Queue<ConfigChange> _byAge = new();
    private Queue<ConfigChange> _withBytes = new();
    private int _count;
    private long _bytes;

    /// <summary>Everything that is kept, oldest first.</summary>
    public IReadOnlyList<ConfigChange> All()
    {
        var all = new List<ConfigChange>(_count);
        foreach (ConfigChange change in _byAge)
        {
            if (!change.IsForgotten)
            {
                all.Add(change);
            }
        }

        return all;
    }

    internal void Add(
        ConfigKind kind, string name, ConfigOutcome outcome, string version, ReadOnlyMemory<byte> resource, string details, long atUnixNs)
    {
        if (!_byName.TryGetValue((kind, name), out List<ConfigChange>? changes))
        {
            changes = [];
            _byName.Add((kind, name), changes);
        }

        ConfigChange? last = changes.Count > 0 ? changes[^1] : null;
        bool isRepeated = outcome == ConfigOutcome.Rejected && last is { Outcome: ConfigOutcome.Rejected }
            && last.Version == version && last.Details == details;
        if (isRepeated)
        {
            last!.Count++;
            last.AtUnixNs = atUnixNs;
            return;
        }

        var change = new ConfigChange(kind, name, outcome, version, details) { Resource = resource, AtUnixNs = atUnixNs, Count = 1 };
        changes.Add(change);
        _byAge.Enqueue(change);
        _withBytes.Enqueue(change);
        _bytes += resource.Length;
        _count++;
        Trim(changes);
    }

    private void Trim(List<ConfigChange> changes)
    {
        if (changes.Count > MaxPerResource)
        {
            Forget(changes[0]);
        }

        while (_bytes > MaxBytes)
        {
            DropBytes(_withBytes.Dequeue());
        }

        while (_count > MaxChanges)
        {
            Forget(_byAge.Dequeue());
        }

        // Forgotten changes leave the queues in bulk: a resource that changes all the time hides behind one that never does.
        if (_byAge.Count > 2 * MaxChanges || _withBytes.Count > 2 * MaxChanges)
        {
            _byAge = new Queue<ConfigChange>(_byAge.Where(static c => !c.IsForgotten));
            _withBytes = new Queue<ConfigChange>(_withBytes.Where(static c => !c.Resource.IsEmpty));
        }
    }

    private void Forget(ConfigChange change)
    {
        if (change.IsForgotten)
        {
            return;
        }

        change.IsForgotten = true;
        _count--;
        DropBytes(change);
        List<ConfigChange> changes = _byName[(change.Kind, change.Name)];
        changes.Remove(change);
        if (changes.Count == 0)
        {
            _byName.Remove((change.Kind, change.Name));
        }
    }

    private void DropBytes(ConfigChange change)
    {
        _bytes -= change.Resource.Length;
        change.Resource = default;
    }
}
