using System;
using System.IO;
using Sidecar.Event.Threads;

namespace Sidecar.Event.Tests.Threads;

public sealed class CpuCountTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sidecar-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("200000 100000", 2)]
    [InlineData("150000 100000", 2)]
    [InlineData("50000 100000", 1)]
    [InlineData("max 100000", int.MaxValue)]
    [InlineData("nonsense", int.MaxValue)]
    public void Version2_Quota_IsRoundedUp(string cpuMax, int expected)
    {
        Write("cpu.max", cpuMax + "\n");

        Assert.Equal(expected, CpuCount.FromQuota(_root, "0::/\n"));
    }

    [Fact]
    public void Version2_GroupAboveIsTighter_ItCounts()
    {
        Write("pod/cpu.max", "100000 100000");
        Write("pod/container/cpu.max", "max 100000");

        Assert.Equal(1, CpuCount.FromQuota(_root, "0::/pod/container\n"));
    }

    [Fact]
    public void Version1_Quota_IsReadFromTheCpuController()
    {
        Write("cpu,cpuacct/pod/cpu.cfs_quota_us", "300000\n");
        Write("cpu,cpuacct/pod/cpu.cfs_period_us", "100000\n");

        Assert.Equal(3, CpuCount.FromQuota(_root, "5:memory:/pod\n4:cpu,cpuacct:/pod\n"));
    }

    [Fact]
    public void Version1_NoQuota_DoesNotLimit()
    {
        Write("cpu/cpu.cfs_quota_us", "-1\n");
        Write("cpu/cpu.cfs_period_us", "100000\n");

        Assert.Equal(int.MaxValue, CpuCount.FromQuota(_root, "4:cpu:/\n"));
    }

    [Fact]
    public void FromCgroup_Here_IsAtLeastOneAndAtMostTheAffinity()
    {
        Assert.InRange(CpuCount.FromCgroup(), 1, CpuCount.FromAffinity());
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
