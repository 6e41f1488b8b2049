namespace Sidecar.Server.Options;

/// <summary>What <c>--help</c> prints.</summary>
internal static class CommandLineHelp
{
    public const string Text = """
        sidecar: a service-mesh data plane that speaks Envoy's API

        USAGE: sidecar -c <bootstrap.yaml> [arguments]

          -c, --config-path <file>               bootstrap in YAML or JSON
              --config-yaml <yaml>               bootstrap merged over the file
              --mode <serve|validate|init_only>  default serve
              --concurrency <n>                  workers; default: the processors that the cgroup grants
              --service-cluster <name>           node cluster
              --service-node <name>              node id
              --service-zone <name>              node locality zone
          -l, --log-level <level>                trace, debug, info, warning, error, critical, off
              --component-log-level <c:l,...>    levels of single components
              --log-format <pattern>             spdlog's pattern
              --log-path <file>                  default: standard error
              --drain-time-s <seconds>           default 600
              --drain-strategy <gradual|immediate>
              --parent-shutdown-time-s <seconds> default 900
              --restart-epoch <n>
              --base-id <n>
              --disable-hot-restart
              --file-flush-interval-msec <ms>    access logs; default 10000
              --file-flush-min-size-kb <kb>      access logs; default 64
              --local-address-ip-version <v4|v6>
              --allow-unknown-static-fields
              --reject-unknown-dynamic-fields
              --ignore-unknown-dynamic-fields
              --admin-address-path <file>        where the admin's address is written
              --disable-extensions <name,...>
              --version
          -h, --help

        """;
}
