using Sidecar.Network.Listeners;

namespace Sidecar.Xds.Apply;

/// <summary>Where listeners that are warm go: the listener manager. Thread: main.</summary>
public abstract class ListenerSink
{
    /// <summary>Adds or replaces; null, or why its address cannot be bound.</summary>
    public abstract string? AddOrUpdate(ListenerModel model);

    /// <summary>False when there is none of that name.</summary>
    public abstract bool Remove(string name);

    /// <summary>How many wait to become warm.</summary>
    public abstract void SetWarming(int count);
}

/// <summary>The process's listener manager. Thread: main.</summary>
public sealed class ListenerManagerSink(ListenerManager manager) : ListenerSink
{
    public override string? AddOrUpdate(ListenerModel model) => manager.AddOrUpdate(model);

    public override bool Remove(string name) => manager.Remove(name);

    public override void SetWarming(int count) => manager.SetWarming(count);
}
