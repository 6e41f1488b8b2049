using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Headers;

public class HeaderMapTests
{
    [Fact]
    public void Add_KnownAndUnknown_KeepsOrderAndFindsBoth()
    {
        HeaderMap map = Map("x-a: 1", "server: s", "x-a: 2");

        Assert.Equal("x-a: 1\nserver: s\nx-a: 2\n", RecordingReceiver.Text(map));
        Assert.Equal("s"u8, map.Get(HeaderId.Server));
        Assert.True(map.TryGet("x-a"u8, out ReadOnlySpan<byte> first));
        Assert.Equal("1"u8, first);
        Assert.Equal(3, map.Count);
        Assert.Equal(15, map.ByteSize);
    }

    [Fact]
    public void Set_SeveralValues_BecomesOneInTheFirstPlace()
    {
        HeaderMap map = Map("via: a", "x: 1", "via: b", "x: 2");

        map.Set(HeaderId.Via, "longer than before"u8);
        map.Set("x"u8, "3"u8);

        Assert.Equal("via: longer than before\nx: 3\n", RecordingReceiver.Text(map));
        Assert.Equal(3 + 18 + 1 + 1, map.ByteSize);
    }

    [Fact]
    public void Remove_FirstOfSeveral_NextIsFound()
    {
        HeaderMap map = Map("via: a", "via: b");

        map.RemoveAt(map.IndexOf(HeaderId.Via, -1));

        Assert.Equal("b"u8, map.Get(HeaderId.Via));
        Assert.Equal(1, map.Remove(HeaderId.Via));
        Assert.False(map.Has(HeaderId.Via));
        Assert.Equal(0, map.ByteSize);
    }

    [Fact]
    public void Replace_BySpanOfTheSameMap_CopiesTheOldBytes()
    {
        HeaderMap map = Map("a: 0123456789", "via: x");

        map.Set(HeaderId.Via, map.TryGet("a"u8, out ReadOnlySpan<byte> a) ? a : default);
        map.Set("a"u8, map.Get(HeaderId.Via)[3..6]);

        Assert.Equal("a: 345\nvia: 0123456789\n", RecordingReceiver.Text(map));
    }

    [Fact]
    public void Add_SpanOfTheSameMapWhileTheArenaGrows_CopiesTheOldBytes()
    {
        HeaderMap map = Map("a: " + new string('v', 1500));

        map.Add("b"u8, map.TryGet("a"u8, out ReadOnlySpan<byte> a) ? a : default);

        Assert.True(map.TryGet("b"u8, out ReadOnlySpan<byte> b));
        Assert.Equal(new string('v', 1500), Encoding.ASCII.GetString(b));
    }

    [Fact]
    public void AppendValue_Existing_IsJoined()
    {
        HeaderMap map = Map("via: 1.1 a");

        map.AppendValue(HeaderId.Via, "1.1 b"u8, ", "u8);
        map.AppendValue(HeaderId.XForwardedFor, "10.0.0.1"u8, ", "u8);

        Assert.Equal("via: 1.1 a, 1.1 b\nx-forwarded-for: 10.0.0.1\n", RecordingReceiver.Text(map));
    }

    [Fact]
    public void Clear_AfterGrowth_IsEmptyAndReusable()
    {
        HeaderMap map = Map("big: " + new string('v', 40_000), "via: 1");

        map.Clear();
        map.Add("a"u8, "b"u8);

        Assert.False(map.Has(HeaderId.Via));
        Assert.Equal("a: b\n", RecordingReceiver.Text(map));
    }

    [Theory]
    [InlineData("200", 200)]
    [InlineData("099", 99)]
    [InlineData("+20", 0)]
    [InlineData("20", 0)]
    [InlineData("2000", 0)]
    [InlineData("2x0", 0)]
    public void Status_Text_IsParsedStrictly(string text, int status)
    {
        var map = new HeaderMap();
        map.Add(HeaderId.Status, Encoding.ASCII.GetBytes(text));

        Assert.Equal(status, map.Status);
    }

    [Fact]
    public void RandomOperations_AgainstAList_Agree()
    {
        string[] names = ["via", "x-a", "x-b", "server", ":path", "x-envoy-retry-on", "cookie"];
        var random = new Random(7);
        var map = new HeaderMap();
        var model = new List<(string Name, string Value)>();
        for (int step = 0; step < 20_000; step++)
        {
            string name = names[random.Next(names.Length)];
            string value = new((char)('a' + random.Next(26)), random.Next(60));
            byte[] nameBytes = Encoding.ASCII.GetBytes(name);
            byte[] valueBytes = Encoding.ASCII.GetBytes(value);
            switch (random.Next(6))
            {
                case 0 or 1:
                    map.Add(nameBytes, valueBytes);
                    model.Add((name, value));
                    break;
                case 2:
                    map.Set(nameBytes, valueBytes);
                    SetInModel(model, name, value);
                    break;
                case 3:
                    Assert.Equal(model.RemoveAll(h => h.Name == name), map.Remove(nameBytes));
                    break;
                case 4 when model.Count > 0:
                    int index = random.Next(model.Count);
                    map.RemoveAt(NthLive(map, index));
                    model.RemoveAt(index);
                    break;
                default:
                    if (random.Next(40) == 0)
                    {
                        map.Clear();
                        model.Clear();
                    }

                    break;
            }

            AssertSame(model, map);
        }
    }

    private static void SetInModel(List<(string Name, string Value)> model, string name, string value)
    {
        int first = model.FindIndex(h => h.Name == name);
        if (first < 0)
        {
            model.Add((name, value));
            return;
        }

        model[first] = (name, value);
        for (int i = model.Count - 1; i > first; i--)
        {
            if (model[i].Name == name)
            {
                model.RemoveAt(i);
            }
        }
    }

    private static int NthLive(HeaderMap map, int n)
    {
        int index = map.Next(-1);
        while (n-- > 0)
        {
            index = map.Next(index);
        }

        return index;
    }

    private static void AssertSame(List<(string Name, string Value)> model, HeaderMap map)
    {
        int size = 0;
        int index = -1;
        foreach ((string name, string value) in model)
        {
            index = map.Next(index);
            Assert.True(map.NameAt(index).SequenceEqual(Encoding.ASCII.GetBytes(name)));
            Assert.True(map.ValueAt(index).SequenceEqual(Encoding.ASCII.GetBytes(value)));
            size += name.Length + value.Length;
        }

        Assert.Equal(-1, map.Next(index));
        Assert.Equal((model.Count, size), (map.Count, map.ByteSize));
    }

    private static HeaderMap Map(params string[] fields)
    {
        var map = new HeaderMap();
        Http1.Http1ServerHarness.AddFields(map, fields);
        return map;
    }
}
