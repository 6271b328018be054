// Names of the network: addresses in numbers, and "localhost", which means the same everywhere; no others are known.
// SPDX-License-Identifier: MIT
//
// Takes the place of libc's getaddrinfo(), getnameinfo(), getprotobyname() and what gethostbyname() asks. Nothing here
// waits.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace {

union Address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

constexpr const char* loopback(int family) { return family == AF_INET6 ? "::1" : "127.0.0.1"; }

// Only into `family`, unless that is AF_UNSPEC.
bool read_address(const char* text, int family, Address* out) {
    if (family != AF_INET6 && inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        return true;
    }
    if (family != AF_INET && inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        return true;
    }
    return false;
}

bool find_node(const char* node, int family, int flags, Address* out) {
    if (node == nullptr) {
        const char* any = family == AF_INET6 ? "::" : "0.0.0.0";
        node = (flags & AI_PASSIVE) != 0 ? any : loopback(family);
    } else if (std::strcmp(node, "localhost") == 0) {
        if ((flags & AI_NUMERICHOST) != 0) return false;
        node = loopback(family);
    }
    return read_address(node, family, out);
}

bool read_port(const char* service, in_port_t* out) {
    uint16_t port = 0;
    if (service != nullptr) {
        const char* end = service + std::strlen(service);
        const auto [rest, error] = std::from_chars(service, end, port);
        if (error != std::errc() || rest != end) return false;
    }
    *out = htons(port);
    return true;
}

// One entry and its address, which freeaddrinfo() gives back.
struct Entry {
    addrinfo info;
    Address address;
};

// Adds an entry for a type of socket in front of those that are there. False: no memory.
bool add(addrinfo** list, const Address& address, int type, int protocol) {
    auto* entry = static_cast<Entry*>(std::calloc(1, sizeof(Entry)));
    if (entry == nullptr) return false;
    entry->address = address;
    entry->info.ai_family = address.any.sa_family;
    entry->info.ai_socktype = type;
    entry->info.ai_protocol = protocol;
    entry->info.ai_addr = &entry->address.any;
    entry->info.ai_addrlen =
        address.any.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    entry->info.ai_next = *list;
    *list = &entry->info;
    return true;
}

}  // namespace

extern "C" {

int getaddrinfo(const char* __restrict node, const char* __restrict service,
                const addrinfo* __restrict hint, addrinfo** __restrict out) {
    const addrinfo none{};
    const addrinfo& wanted = hint != nullptr ? *hint : none;
    if (node == nullptr && service == nullptr) return EAI_NONAME;
    const int family = wanted.ai_family;
    if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) return EAI_FAMILY;
    Address address{};
    if (!find_node(node, family, wanted.ai_flags, &address)) return EAI_NONAME;
    // The port is in the same place in both.
    if (!read_port(service, &address.v4.sin_port)) return EAI_SERVICE;
    struct Kind {
        int type, protocol;
    };
    addrinfo* list = nullptr;
    for (const auto& [type, protocol] :
         {Kind{SOCK_RAW, 0}, Kind{SOCK_DGRAM, IPPROTO_UDP}, Kind{SOCK_STREAM, IPPROTO_TCP}}) {
        if (wanted.ai_socktype != 0 && wanted.ai_socktype != type) continue;
        if (wanted.ai_protocol != 0 && wanted.ai_protocol != protocol) continue;
        if (add(&list, address, type, protocol)) continue;
        freeaddrinfo(list);
        return EAI_MEMORY;
    }
    if (list == nullptr) return EAI_SOCKTYPE;
    if ((wanted.ai_flags & AI_CANONNAME) != 0 && node != nullptr) list->ai_canonname = strdup(node);
    *out = list;
    return 0;
}

void freeaddrinfo(addrinfo* list) {
    while (list != nullptr) {
        addrinfo* const next = list->ai_next;
        std::free(list->ai_canonname);
        std::free(list);
        list = next;
    }
}

int getnameinfo(const sockaddr* __restrict from, socklen_t size, char* __restrict node,
                socklen_t node_size, char* __restrict service, socklen_t service_size, int flags) {
    Address address{};
    const bool v4 = from->sa_family == AF_INET;
    if (!v4 && from->sa_family != AF_INET6) return EAI_FAMILY;
    const size_t needed = v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    if (size < needed) return EAI_FAMILY;
    std::memcpy(&address, from, needed);
    if (node != nullptr && node_size > 0) {
        const void* bytes = v4 ? static_cast<void*>(&address.v4.sin_addr) : &address.v6.sin6_addr;
        char text[INET6_ADDRSTRLEN];
        inet_ntop(from->sa_family, bytes, text, sizeof text);
        const char* name = text;
        const bool is_loopback = std::strcmp(text, loopback(from->sa_family)) == 0;
        if (is_loopback && (flags & NI_NUMERICHOST) == 0) name = "localhost";
        if (name == text && (flags & NI_NAMEREQD) != 0) return EAI_NONAME;
        if (std::strlen(name) >= node_size) return EAI_OVERFLOW;
        std::strcpy(node, name);
    }
    if (service != nullptr && service_size > 0) {
        char text[8] = {};
        std::to_chars(text, text + sizeof text - 1, ntohs(address.v4.sin_port));
        if (std::strlen(text) >= service_size) return EAI_OVERFLOW;
        std::strcpy(service, text);
    }
    return 0;
}

protoent* getprotobyname(const char* name) {
    static char* no_aliases[] = {nullptr};
    static char names[][5] = {"ip", "icmp", "tcp", "udp"};
    static protoent known[] = {
        {names[0], no_aliases, IPPROTO_IP},
        {names[1], no_aliases, IPPROTO_ICMP},
        {names[2], no_aliases, IPPROTO_TCP},
        {names[3], no_aliases, IPPROTO_UDP},
    };
    for (protoent& protocol : known) {
        if (std::strcmp(protocol.p_name, name) == 0) return &protocol;
    }
    return nullptr;
}

// gethostbyname() and its kin ask this: an address of IPv4, or 0.
uint32_t _emscripten_lookup_name(const char* name) {
    Address address{};
    return find_node(name, AF_INET, 0, &address) ? address.v4.sin_addr.s_addr : 0;
}

}  // extern "C"
