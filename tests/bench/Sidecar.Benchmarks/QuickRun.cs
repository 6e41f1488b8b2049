using System;
using System.Diagnostics;
using System.Globalization;

namespace Sidecar.Benchmarks;

/// <summary>A loop around one operation: warm-up until tiered code has settled, then the best of several rounds.</summary>
internal static class QuickRun
{
    private const int WarmUpMs = 1200;
    private const int Rounds = 5;
    private const int OperationsPerRound = 200_000;

    /// <summary>Prints the operation's name, ns and allocated bytes per operation.</summary>
    public static void Print(string name, Action operation)
    {
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * WarmUpMs / 1000);
        while (Stopwatch.GetTimestamp() < until)
        {
            for (int i = 0; i < 1000; i++)
            {
                operation();
            }
        }

        double bestNs = double.MaxValue;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < OperationsPerRound; i++)
            {
                operation();
            }

            bestNs = Math.Min(bestNs, Stopwatch.GetElapsedTime(start).TotalNanoseconds / OperationsPerRound);
        }

        double bytes = (GC.GetAllocatedBytesForCurrentThread() - allocatedBefore) / (double)(Rounds * OperationsPerRound);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} {bestNs,8:F1} ns/op {bytes,8:F2} B/op"));
    }
}
