import Foundation
import Model

@testable import ContainerEngine

/// What an engine answers, with what images and other containers put into it.
extension FuzzTarget {
    static let engineTargets = [
        answer("listed", [ListedContainer].self) { $0.map(\.status) },
        answer("inspected", InspectedContainer.self) { $0.status },
        answer("docker-listed", [DockerListedContainer].self) { $0.map(\.status) },
        answer("image", ImageAnswer.self) { image in
            (image.stored(digest: image.digest(under: "registry.example.com/acme/web:1.0.0")), image)
        },
        Self(name: "event", inputs: 1000) { ContainerEvent($0) != nil },
        Self(name: "engine-error", words: ["\"message\"", "\"cause\""], inputs: 1000) { input in
            let error = EngineError(answer: Answer(status: 500, body: input), "pull 'web'")
            guard !error.message.contains(where: \.isNewline) else {
                throw FuzzFault("an error that is not one line: \(error.message)")
            }
            return true
        },
        Self(name: "output", inputs: 1000) { input in
            let text = MultiplexedOutput(input).text(last: 1000)
            guard text.utf8.count <= 3000 else { throw FuzzFault("\(text.utf8.count) bytes of 1000") }
            return true
        },
        Self(name: "image-layout", words: ["\"manifests\"", "\"annotations\""], inputs: 1000) { input in
            _ = ImageLayout.stranger(in: String(decoding: input, as: UTF8.self))
            return ImageLayout.names(in: Data(input)) != nil
        },
        Self(name: "image-signatures", words: ["\"layers\"", "\"annotations\"", "sha256:"], inputs: 1000) { input in
            guard let manifest = SignatureManifest(input) else { return false }
            guard manifest.entries.count <= SignatureManifest.most,
                manifest.entries.allSatisfy({ $0.payload.utf8.count == 64 && !$0.payload.contains("/") })
            else { throw FuzzFault("entries that are none: \(manifest.entries)") }
            return true
        },
        Self(name: "image-statement", words: ["\"critical\"", "\"docker-reference\""], inputs: 1000) { input in
            guard let statement = ImageStatement(input) else { return false }
            let digest = "sha256:" + String(repeating: "0", count: 64)
            guard let objection = statement.objection(for: "registry.example.com/acme/web", digest: digest) else {
                throw FuzzFault("it speaks for an image that it does not name")
            }
            guard objection.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) else {
                throw FuzzFault("foreign text in an error: \(objection)")
            }
            return true
        },
    ]

    private static func answer<Value: Decodable & Sendable>(
        _ name: String, _ type: Value.Type, use: @escaping @Sendable (Value) -> some Any
    ) -> Self {
        Self(name: name, inputs: 600) { input in
            refusing(EngineError.self) {
                use(try Answer(status: 200, body: input).decoded(type, "list containers"))
            }
        }
    }
}
