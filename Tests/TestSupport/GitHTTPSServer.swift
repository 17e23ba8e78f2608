internal import Foundation

/// nginx with git's own backend on a loopback port: TLS by a certificate authority of its own, and a password.
public final class GitHTTPSServer: Sendable {
    public static let username = "ci"
    public static let token = "canary-token-7c1"

    private let scratch: Scratch
    private let programs: [TestDaemon]
    public let port: Int
    /// The certificate of the authority.
    public let authority: String
    /// A file with the token.
    public let tokenFile: String

    /// Serves the repositories below `root`; `extra` are further locations in nginx's words.
    public init(root: String, extra: String = "") async throws {
        scratch = try Scratch()
        port = try GitServerTools.freePort()
        tokenFile = try scratch.write("\(Self.token)\n", to: "token")
        authority = try ServerCertificates(in: scratch).authority
        let hash = try TestProgram("openssl", ["passwd", "-apr1", Self.token]).run()
        try scratch.write("\(Self.username):\(hash)\n", to: "passwords")
        let configuration = try scratch.write(Self.configuration(port, scratch.path, root, extra), to: "nginx.conf")
        let socket = "unix:\(scratch.path)/fcgi"
        programs = [
            try TestProgram("fcgiwrap", ["-f", "-c", "1", "-s", socket]).start(),
            try TestProgram("nginx", ["-c", configuration, "-p", scratch.path, "-e", "\(scratch.path)/log"]).start(),
        ]
        try await GitServerTools.waitForPort(port)
    }

    deinit { for program in programs { program.stop() } }

    public func url(of name: String) -> String { "https://localhost:\(port)/git/\(name)" }
    /// Of another location of the server.
    public func url(at path: String) -> String { "https://localhost:\(port)\(path)" }

    private static func configuration(_ port: Int, _ path: String, _ root: String, _ extra: String) -> String {
        """
        daemon off; pid \(path)/pid; error_log \(path)/log; worker_processes 1;
        \(getuid() == 0 ? "user root;" : "")
        events { worker_connections 64; }
        http { access_log off;
          client_body_temp_path \(path)/b; proxy_temp_path \(path)/p; fastcgi_temp_path \(path)/f;
          uwsgi_temp_path \(path)/u; scgi_temp_path \(path)/s;
          server { listen 127.0.0.1:\(port) ssl;
            ssl_certificate \(path)/server.crt; ssl_certificate_key \(path)/server.key;
            location ~ ^/git(/.*)$ { auth_basic git; auth_basic_user_file \(path)/passwords;
              include /etc/nginx/fastcgi_params;
              fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
              fastcgi_param GIT_PROJECT_ROOT \(root); fastcgi_param GIT_HTTP_EXPORT_ALL "";
              fastcgi_param PATH_INFO $1; fastcgi_param REMOTE_USER $remote_user;
              fastcgi_pass unix:\(path)/fcgi; }
            \(extra) } }
        """
    }
}
