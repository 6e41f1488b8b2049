using System.Collections.Generic;
using Sidecar.Event.Timers;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// <c>update_merge_window</c> of one cluster: the first change is published at once, further changes of health, weight or metadata within
/// the window together at its end; hosts that come or go never wait. Thread: main.
/// </summary>
internal sealed class UpdateMerge(Cluster cluster, ClusterManager manager) : TimerHandler
{
    private Timer? _timer;
    private long _lastMs = -1;

    public void Publish(bool isMergeable, IReadOnlyList<Host> removed)
    {
        long windowMs = cluster.Model.CommonLb.UpdateMergeWindowMs;
        if (cluster.State == ClusterState.Active && windowMs > 0)
        {
            long leftMs = _lastMs < 0 ? 0 : _lastMs + windowMs - manager.NowMs;
            if (isMergeable && leftMs > 0)
            {
                Schedule(leftMs);
                return;
            }

            if (isMergeable)
            {
                manager.Stats.Increment((int)ClusterManagerStat.UpdateOutOfMergeWindow);
            }

            if (_timer is { IsEnabled: true })
            {
                _timer.Disable();
                manager.Stats.Increment((int)ClusterManagerStat.UpdateMergeCancelled);
            }
        }

        _lastMs = manager.NowMs;
        manager.PublishHosts(cluster, removed);
    }

    public void Cancel() => _timer?.Disable();

    public override void OnTimer(Timer timer)
    {
        manager.Stats.Increment((int)ClusterManagerStat.ClusterUpdatedViaMerge);
        _lastMs = manager.NowMs;
        manager.PublishHosts(cluster, []);
    }

    private void Schedule(long delayMs)
    {
        _timer ??= manager.Recycler.Registry.Main.CreateTimer(this);
        if (!_timer.IsEnabled)
        {
            _timer.Enable(delayMs);
        }
    }
}
