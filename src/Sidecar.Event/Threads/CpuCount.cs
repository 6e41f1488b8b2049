using System;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Runtime.InteropServices;
using Sidecar.Event.Native;

namespace Sidecar.Event.Threads;

/// <summary>How many CPUs this process may use: the default of <c>--concurrency</c>. Thread: main, at start.</summary>
public static class CpuCount
{
    private const string CgroupRoot = "/sys/fs/cgroup";

    /// <summary>
    /// The smaller of the CPUs of the affinity mask and of the cgroup's quota, which is rounded up: a worker more than the quota
    /// feeds is throttled a little, a CPU that no worker uses is lost. At least 1.
    /// </summary>
    public static int FromCgroup() => Math.Min(FromAffinity(), FromQuota(CgroupRoot, ReadText("/proc/self/cgroup")));

    /// <summary>CPUs that the scheduler may run this process on.</summary>
    internal static unsafe int FromAffinity()
    {
        // 1024 CPUs by default (cpu_set_t); the kernel refuses a mask shorter than its own, so there is room for more.
        const int MaskBytes = 1024;
        ulong* mask = stackalloc ulong[MaskBytes / sizeof(ulong)];
        NativeMemory.Clear(mask, MaskBytes);
        if (Sys.SchedGetAffinity(0, MaskBytes, mask) < 0)
        {
            return Environment.ProcessorCount;
        }

        int count = 0;
        for (int i = 0; i < MaskBytes / sizeof(ulong); i++)
        {
            count += BitOperations.PopCount(mask[i]);
        }

        return Math.Max(1, count);
    }

    /// <summary>CPUs by quota: the tightest of the process's group and the groups above it; a large number when there is none.</summary>
    /// <param name="root">Where the cgroup file systems are mounted.</param>
    /// <param name="membership">Text of /proc/self/cgroup.</param>
    internal static int FromQuota(string root, string membership)
    {
        double cpus = int.MaxValue;
        foreach (string line in membership.Split('\n'))
        {
            // hierarchy-ID:controllers:path; version 2 is hierarchy 0 without controllers.
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
            {
                continue;
            }

            bool isVersion2 = parts[0] == "0" && parts[1].Length == 0;
            bool isCpuController = Array.IndexOf(parts[1].Split(','), "cpu") >= 0;
            if (isVersion2 || isCpuController)
            {
                string mount = isVersion2 ? root : Path.Combine(root, parts[1]);
                cpus = Math.Min(cpus, TightestOf(mount, parts[2], isVersion2));
            }
        }

        return cpus >= int.MaxValue ? int.MaxValue : Math.Max(1, (int)Math.Ceiling(cpus));
    }

    private static double TightestOf(string mount, string path, bool isVersion2)
    {
        double cpus = double.MaxValue;
        string current = path;
        while (true)
        {
            // In a container the path may name a group outside of the mount: what does not exist does not limit.
            string directory = Path.Combine(mount, current.TrimStart('/'));
            cpus = Math.Min(cpus, isVersion2 ? QuotaV2(directory) : QuotaV1(directory));
            if (current.Length <= 1)
            {
                return cpus;
            }

            current = current[..current.LastIndexOf('/')];
        }
    }

    /// <summary><c>cpu.max</c>: quota and period in microseconds; <c>max</c> for no limit.</summary>
    private static double QuotaV2(string directory)
    {
        string[] parts = ReadText(Path.Combine(directory, "cpu.max")).Split(' ', StringSplitOptions.TrimEntries);
        return parts.Length == 2 ? Ratio(parts[0], parts[1]) : double.MaxValue;
    }

    private static double QuotaV1(string directory) => Ratio(
        ReadText(Path.Combine(directory, "cpu.cfs_quota_us")).Trim(),
        ReadText(Path.Combine(directory, "cpu.cfs_period_us")).Trim());

    private static double Ratio(string quota, string period)
    {
        bool isLimited = long.TryParse(quota, NumberStyles.Integer, CultureInfo.InvariantCulture, out long quotaUs) && quotaUs > 0;
        return isLimited && long.TryParse(period, NumberStyles.Integer, CultureInfo.InvariantCulture, out long periodUs) && periodUs > 0
            ? (double)quotaUs / periodUs
            : double.MaxValue;
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
