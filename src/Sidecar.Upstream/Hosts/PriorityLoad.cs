using System;

namespace Sidecar.Upstream.Hosts;

/// <summary>Which of a priority's hosts a request is meant for.</summary>
public enum HostAvailability : byte
{
    Healthy = 0,
    Degraded,
}

/// <summary>
/// How the load is spread over priorities, in percent, by Envoy's rules: a priority takes what its overprovisioned health allows, the
/// rest spills to the next; then the degraded hosts in the same order; when everything together is short of 100 percent, priorities
/// below the panic threshold use all of their hosts. Immutable; thread: any.
/// </summary>
public sealed class PriorityLoad
{
    private readonly byte[] _healthy;
    private readonly byte[] _degraded;
    private readonly bool[] _panic;

    private PriorityLoad(byte[] healthy, byte[] degraded, bool[] panic)
    {
        _healthy = healthy;
        _degraded = degraded;
        _panic = panic;
    }

    /// <summary>Percent that goes to healthy hosts, by priority.</summary>
    public ReadOnlySpan<byte> HealthyPercent => _healthy;

    /// <summary>Percent that goes to degraded hosts, by priority. Both together are 100 unless there is no host.</summary>
    public ReadOnlySpan<byte> DegradedPercent => _degraded;

    /// <summary>True where all hosts are used whatever their health.</summary>
    public ReadOnlySpan<bool> Panic => _panic;

    /// <summary>The priority and kind of host that a hash (or random number) falls on; priority 0 when nothing has load.</summary>
    public (int Priority, HostAvailability Availability) Choose(ulong hash)
    {
        // 1 to 100, so that a load of zero is never met.
        uint point = (uint)(hash % 100) + 1;
        uint sum = 0;
        for (int i = 0; i < _healthy.Length; i++)
        {
            sum += _healthy[i];
            if (point <= sum)
            {
                return (i, HostAvailability.Healthy);
            }
        }

        for (int i = 0; i < _degraded.Length; i++)
        {
            sum += _degraded[i];
            if (point <= sum)
            {
                return (i, HostAvailability.Degraded);
            }
        }

        return (0, HostAvailability.Healthy);
    }

    internal static PriorityLoad Compute(ReadOnlySpan<HostSet> sets, double panicThresholdPercent)
    {
        var healthy = new byte[sets.Length];
        var degraded = new byte[sets.Length];
        var panic = new bool[sets.Length];
        var load = new PriorityLoad(healthy, degraded, panic);
        if (sets.IsEmpty)
        {
            return load;
        }

        // Step 1: what each priority could take.
        var healthyCapacity = new uint[sets.Length];
        var degradedCapacity = new uint[sets.Length];
        uint available = 0;
        for (int i = 0; i < sets.Length; i++)
        {
            (healthyCapacity[i], degradedCapacity[i]) = CapacityOf(sets[i]);
            available += healthyCapacity[i] + degradedCapacity[i];
        }

        uint normalizedTotal = Math.Min(100, available);

        // Step 2: spread 100 percent over them, healthy first; rounding goes to the first that takes anything.
        if (normalizedTotal > 0)
        {
            uint left = Distribute(healthyCapacity, healthy, 100, normalizedTotal, out int firstHealthy);
            left = Distribute(degradedCapacity, degraded, left, normalizedTotal, out int firstDegraded);
            AddRemainder(healthy, degraded, left, firstHealthy, firstDegraded);
        }
        else if (panicThresholdPercent <= 0)
        {
            // Nobody is available and panic is off: requests find no host at the first priority.
            healthy[0] = 100;
            return load;
        }

        // Step 3: panic is a matter of each priority, but only while all together cannot take the load.
        bool totalPanic = true;
        for (int i = 0; i < sets.Length; i++)
        {
            panic[i] = normalizedTotal < 100 && IsBelow(sets[i], panicThresholdPercent);
            totalPanic &= panic[i];
        }

        if (totalPanic)
        {
            SpreadBySize(sets, healthy, degraded);
        }

        return load;
    }

    private static (uint Healthy, uint Degraded) CapacityOf(HostSet set)
    {
        HostGroup hosts = set.Hosts;
        ulong counted;
        ulong healthy;
        ulong degraded;
        if (set.WeightedPriorityHealth)
        {
            counted = hosts.TotalWeight - hosts.ExcludedWeight;
            (healthy, degraded) = (hosts.HealthyWeight, hosts.DegradedWeight);
        }
        else
        {
            counted = (ulong)(hosts.All.Length - hosts.ExcludedCount);
            (healthy, degraded) = ((ulong)hosts.Healthy.Length, (ulong)hosts.Degraded.Length);
        }

        if (counted == 0)
        {
            return (0, 0);
        }

        ulong factor = set.OverprovisioningFactorPercent;
        return ((uint)Math.Min(100, factor * healthy / counted), (uint)Math.Min(100, factor * degraded / counted));
    }

    private static uint Distribute(ReadOnlySpan<uint> capacity, Span<byte> load, uint left, uint normalizedTotal, out int first)
    {
        first = -1;
        for (int i = 0; i < capacity.Length; i++)
        {
            if (first < 0 && capacity[i] > 0)
            {
                first = i;
            }

            uint share = Math.Min(left, capacity[i] * 100 / normalizedTotal);
            load[i] = (byte)share;
            left -= share;
        }

        return left;
    }

    private static void AddRemainder(Span<byte> healthy, Span<byte> degraded, uint left, int firstHealthy, int firstDegraded)
    {
        if (left == 0)
        {
            return;
        }

        if (firstHealthy >= 0)
        {
            healthy[firstHealthy] += (byte)left;
        }
        else
        {
            degraded[firstDegraded] += (byte)left;
        }
    }

    private static bool IsBelow(HostSet set, double panicThresholdPercent)
    {
        int counted = set.Hosts.All.Length - set.Hosts.ExcludedCount;
        double availablePercent = counted <= 0 ? 0 : 100.0 * (set.Hosts.Healthy.Length + set.Hosts.Degraded.Length) / counted;
        return availablePercent < Math.Min(100, panicThresholdPercent);
    }

    /// <summary>Everything is in panic: health tells nothing, so each priority takes load by how many hosts it has.</summary>
    private static void SpreadBySize(ReadOnlySpan<HostSet> sets, Span<byte> healthy, Span<byte> degraded)
    {
        degraded.Clear();
        healthy.Clear();
        ulong total = 0;
        int first = -1;
        for (int i = 0; i < sets.Length; i++)
        {
            int count = sets[i].Hosts.All.Length;
            total += (ulong)count;
            first = first < 0 && count > 0 ? i : first;
        }

        if (total == 0)
        {
            healthy[0] = 100;
            return;
        }

        uint left = 100;
        for (int i = 0; i < sets.Length; i++)
        {
            uint share = (uint)(100UL * (ulong)sets[i].Hosts.All.Length / total);
            healthy[i] = (byte)share;
            left -= share;
        }

        healthy[first] += (byte)left;
    }
}
