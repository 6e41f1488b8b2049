using Sidecar.Core.Logging;
using Sidecar.Server.Admin.Config;
using Sidecar.Xds.Apply;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Server.Discovery;

/// <summary>Tells the admin's tracker, and the log, what became of each discovered resource. Thread: main.</summary>
internal sealed class TrackingObserver(ConfigTracker tracker) : ResourceObserver
{
    public override void OnAccepted(XdsResource resource, bool isWarming)
    {
        if (!ConfigKinds.TryParse(resource.TypeUrl, out ConfigKind kind))
        {
            return;
        }

        // The bytes may be a slice of a whole response: the tracker keeps only its own.
        byte[] bytes = resource.Value.ToArray();
        if (isWarming)
        {
            tracker.SetWarming(kind, resource.Name, resource.Version, bytes);
        }
        else
        {
            tracker.SetActive(kind, resource.Name, resource.Version, bytes);
        }
    }

    public override void OnActivated(string typeUrl, string name)
    {
        if (ConfigKinds.TryParse(typeUrl, out ConfigKind kind))
        {
            tracker.Activate(kind, name);
        }
    }

    public override void OnRejected(XdsResource resource, string error)
    {
        Loggers.Config.Warning($"{resource.TypeUrl} '{resource.Name}' rejected: {error}");
        if (ConfigKinds.TryParse(resource.TypeUrl, out ConfigKind kind))
        {
            tracker.Reject(kind, resource.Name, resource.Version, resource.Value.ToArray(), error);
        }
    }

    public override void OnRemoved(string typeUrl, string name)
    {
        if (ConfigKinds.TryParse(typeUrl, out ConfigKind kind))
        {
            tracker.Remove(kind, name);
        }
    }

    public override void OnVersion(string typeUrl, string version)
    {
        if (ConfigKinds.TryParse(typeUrl, out ConfigKind kind))
        {
            tracker.SetVersion(kind, version);
        }
    }
}
