using System;
using BenchmarkDotNet.Running;
using Sidecar.Benchmarks.Http1;
using Sidecar.Benchmarks.Http2;

namespace Sidecar.Benchmarks;

/// <summary>
/// <c>dotnet run -c Release -- http1</c> (or <c>http2</c>) prints ns and bytes per operation of a group in seconds; <c>-- bdn [filter]</c> runs
/// BenchmarkDotNet on the same classes.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["bdn", .. var rest]:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
                return 0;
            case ["http1"]:
                Http1CodecBenchmarks.Print();
                return 0;
            case ["http2"]:
                Http2CodecBenchmarks.Print();
                return 0;
            default:
                Console.Error.WriteLine("usage: http1 | http2 | bdn [BenchmarkDotNet options]");
                return 2;
        }
    }
}
