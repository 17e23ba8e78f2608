internal import Foundation
internal import Glibc
internal import Synchronization

/// Plays Azure's blob service on a loopback port, of which there is none for tests that knows immutability: each blob is
/// answered with the headers that a test gives it, in the form of a recorded answer.
public final class AzureBlobServer: Sendable {
    private let listener: LoopbackListener
    private let answers: [String: String]
    private let seen = Mutex<[String]>([])

    public var url: String { "http://127.0.0.1:\(listener.port)" }
    /// Heads of the requests that came.
    public var requests: [String] { seen.withLock { $0 } }

    /// `blobs`: by the path of the URL, what it says about immutability. Others do not exist.
    public init(_ blobs: [String: [String]]) throws {
        answers = blobs.mapValues(Self.properties)
        let listener = try LoopbackListener()
        self.listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener.descriptor, nil, nil)
                guard client >= 0 else { return }
                self?.serve(client)
                close(client)
            }
        }
    }

    deinit {
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
        close(listener.descriptor)
    }

    private func serve(_ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(client, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        let head = String(decoding: buffer.prefix(count), as: UTF8.self)
        seen.withLock { $0.append(head) }
        let path = head.split(separator: " ").dropFirst().first?.split(separator: "?").first.map(String.init) ?? ""
        let isAuthorized = head.lowercased().contains("authorization: sharedkey ") || head.contains("sig=")
        let answer = isAuthorized ? answers[path] ?? Self.missing : Self.refusal
        _ = send(client, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
    }

    private static func properties(_ immutability: [String]) -> String {
        let lines =
            [
                "HTTP/1.1 200 OK", "Content-Length: 0", "Content-Type: application/octet-stream",
                "Last-Modified: Mon, 28 Jun 2021 05:50:49 GMT", "Accept-Ranges: bytes", #"ETag: "0x8D939F8AE85E5CC""#,
                "Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
                "x-ms-request-id: ada94645-101e-001b-66e1-6b45f9000000", "x-ms-version: 2020-08-04",
                "x-ms-version-id: 2021-06-28T05:50:49.2319180Z", "x-ms-is-current-version: true",
            ] + immutability + [
                "x-ms-creation-time: Mon, 28 Jun 2021 05:50:49 GMT", "x-ms-lease-status: unlocked",
                "x-ms-lease-state: available", "x-ms-blob-type: BlockBlob", "x-ms-server-encrypted: true",
                "Date: Mon, 28 Jun 2021 05:50:49 GMT", "Connection: close",
            ]
        return lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static let missing = error("404 The specified blob does not exist.", "BlobNotFound")
    private static let refusal = error(
        "403 Server failed to authenticate the request.", "AuthenticationFailed")

    private static func error(_ status: String, _ code: String) -> String {
        "HTTP/1.1 \(status)\r\nServer: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0\r\nx-ms-error-code: \(code)\r\n"
            + "Content-Length: 0\r\nConnection: close\r\n\r\n"
    }
}
