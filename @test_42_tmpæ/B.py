if 1:
        import time
        time.sleep(0.5)
        x = 'b'
        import D
        