using Sidecar.Server;

return ServerMain.Run(args);
