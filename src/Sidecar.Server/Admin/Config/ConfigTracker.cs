using System;
using System.Collections.Generic;
using System.Linq;
using Sidecar.Core.Time;

namespace Sidecar.Server.Admin.Config;

/// <summary>
/// Which configuration is in force, for the admin: fed by whoever applies the bootstrap and the resources of discovery. Keeps the bytes
/// that it is given, so they must not be a part of something large. Thread: main.
/// </summary>
/// <param name="time">Dates the changes.</param>
public sealed class ConfigTracker(TimeSource time)
{
    private readonly Dictionary<(ConfigKind Kind, string Name), ConfigEntry> _entries = [];
    private readonly Dictionary<ConfigKind, string> _versions = [];

    /// <summary>The bootstrap's wire bytes; null until it is loaded.</summary>
    public ConfigVersion? Bootstrap { get; private set; }

    /// <summary>What became of the last versions of each resource.</summary>
    public ConfigHistory History { get; } = new();

    public void SetBootstrap(ReadOnlyMemory<byte> bootstrap) => Bootstrap = new ConfigVersion(string.Empty, bootstrap, time.UnixNs);

    /// <summary>The version of the last accepted response of a kind (state of the world).</summary>
    public void SetVersion(ConfigKind kind, string version) => _versions[kind] = version;

    /// <summary>See <see cref="SetVersion"/>; empty when there was none.</summary>
    public string VersionOf(ConfigKind kind) => _versions.GetValueOrDefault(kind, string.Empty);

    /// <summary>A resource of the bootstrap is in force.</summary>
    public void SetStatic(ConfigKind kind, string name, ReadOnlyMemory<byte> resource)
    {
        var version = new ConfigVersion(string.Empty, resource, time.UnixNs);
        _entries[(kind, name)] = new ConfigEntry { Kind = kind, Name = name, IsStatic = true, Active = version };
    }

    /// <summary>A resource was accepted and waits for what it refers to; what ran before goes on.</summary>
    public void SetWarming(ConfigKind kind, string name, string version, ReadOnlyMemory<byte> resource)
    {
        var warming = new ConfigVersion(version, resource, time.UnixNs);
        _entries[(kind, name)] = Entry(kind, name) with { IsStatic = false, Warming = warming, Failure = null };
        History.Add(kind, name, ConfigOutcome.Accepted, version, resource, string.Empty, time.UnixNs);
    }

    /// <summary>What was warming is in force; false when nothing was.</summary>
    public bool Activate(ConfigKind kind, string name)
    {
        if (Find(kind, name) is not { Warming: { } warming } entry)
        {
            return false;
        }

        _entries[(kind, name)] = entry with { Active = warming, Warming = null };
        return true;
    }

    /// <summary>A resource was accepted and is in force at once.</summary>
    public void SetActive(ConfigKind kind, string name, string version, ReadOnlyMemory<byte> resource)
    {
        SetWarming(kind, name, version, resource);
        Activate(kind, name);
    }

    /// <summary>The active version stops taking new work and finishes what it has; false when there is none.</summary>
    public bool SetDraining(ConfigKind kind, string name)
    {
        if (Find(kind, name) is not { Active: { } active } entry)
        {
            return false;
        }

        _entries[(kind, name)] = entry with { Active = null, Draining = active };
        return true;
    }

    /// <summary>What was draining is gone.</summary>
    public void EndDraining(ConfigKind kind, string name)
    {
        if (Find(kind, name) is { } entry)
        {
            KeepIfAlive(entry with { Draining = null });
        }
    }

    /// <summary>A resource was removed; what is draining stays until it ends. False when it was not there.</summary>
    public bool Remove(ConfigKind kind, string name)
    {
        if (Find(kind, name) is not { } entry)
        {
            return false;
        }

        History.Add(kind, name, ConfigOutcome.Removed, string.Empty, default, string.Empty, time.UnixNs);
        KeepIfAlive(entry with { Active = null, Warming = null, Failure = null });
        return true;
    }

    /// <summary>An update of a resource was rejected; what ran before goes on.</summary>
    public void Reject(ConfigKind kind, string name, string version, ReadOnlyMemory<byte> resource, string details)
    {
        var failure = new ConfigFailure(version, resource, details, time.UnixNs);
        _entries[(kind, name)] = Entry(kind, name) with { Failure = failure };
        History.Add(kind, name, ConfigOutcome.Rejected, version, resource, details, time.UnixNs);
    }

    public ConfigEntry? Find(ConfigKind kind, string name) => _entries.GetValueOrDefault((kind, name));

    /// <summary>The resources of a kind as of now, sorted by name.</summary>
    public ConfigEntry[] Snapshot(ConfigKind kind)
    {
        ConfigEntry[] entries = [.. _entries.Values.Where(e => e.Kind == kind)];
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }

    private ConfigEntry Entry(ConfigKind kind, string name) => Find(kind, name) ?? new ConfigEntry { Kind = kind, Name = name };

    private void KeepIfAlive(ConfigEntry entry)
    {
        if (entry.Latest is null && entry.Failure is null)
        {
            _entries.Remove((entry.Kind, entry.Name));
        }
        else
        {
            _entries[(entry.Kind, entry.Name)] = entry;
        }
    }
}
