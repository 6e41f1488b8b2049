using System;
using Sidecar.Core.Stats;
using Sidecar.Http.Http2;

namespace Sidecar.Http.Tests.Http2.Harness;

/// <summary>A fresh block of codec stats for each harness, from one sheet a thread.</summary>
internal static class TestStats
{
    [ThreadStatic]
    private static StatStore? s_store;

    [ThreadStatic]
    private static StatSheet? s_sheet;

    [ThreadStatic]
    private static int s_next;

    public static StatBlock Create()
    {
        s_store ??= new StatStore();
        s_sheet ??= s_store.CreateSheet("test");
        return s_sheet.Block(s_store.Register($"test{s_next++}.", Http2Stats.Table).Range);
    }
}
