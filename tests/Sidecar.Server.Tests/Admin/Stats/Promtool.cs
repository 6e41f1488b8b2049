using System;
using System.Diagnostics;
using System.IO;

namespace Sidecar.Server.Tests.Admin.Stats;

/// <summary>Prometheus' own checker, when the machine has it.</summary>
internal static class Promtool
{
    public static bool IsInstalled => Array.Exists(
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'), d => File.Exists(Path.Combine(d, "promtool")));

    public static (int ExitCode, string Output) CheckMetrics(string text)
    {
        using Process process = Process.Start(new ProcessStartInfo("promtool", "check metrics")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Write(text);
        process.StandardInput.Close();
        string output = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)));
        return (process.ExitCode, output);
    }
}
